import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { KeypadKey } from '../keypad/amount-entry.ts'
import { type CashCount, readPieces, setPieces } from './count-state.ts'

/**
 * The count after a key of a keypad was pressed for a face. `fresh`: nothing was typed into its row since it was
 * chosen, so that the first digit takes the place of what stands there, as it does by keyboard.
 */
export function typePieces(
  count: CashCount,
  { face, key, fresh }: { readonly face: Minor; readonly key: KeypadKey; readonly fresh: boolean },
): CashCount {
  const typed = fresh ? '' : String(count.get(face) ?? '')
  switch (key) {
    case 'clear':
      return setPieces(count, face, undefined)
    case 'backspace':
      return setPieces(count, face, readPieces(String(count.get(face) ?? '').slice(0, -1)))
    case 'point':
      return count
    default:
      return setPieces(count, face, readPieces(typed + key))
  }
}
