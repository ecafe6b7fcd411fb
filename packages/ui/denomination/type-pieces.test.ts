import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import type { KeypadKey } from '../keypad/amount-entry.ts'
import { blankCount, setPieces } from './count-state.ts'
import { typePieces } from './type-pieces.ts'

const face = minor(10_000)

test.for([
  [undefined, '3', true, 3],
  [12, '3', true, 3],
  [12, '3', false, 123],
  [0, '5', false, 5],
  [12, '00', false, 1_200],
  [12, 'backspace', true, 1],
  [1, 'backspace', false, undefined],
  [12, 'clear', false, undefined],
  [12, 'point', false, 12],
  [12_345, '6', false, 12_345],
] as const)('%s and the key %s (fresh: %s) is %s', ([before, key, fresh, after]) => {
  const count = setPieces(blankCount, face, before)
  const typed = typePieces(count, { face, key: key as KeypadKey, fresh })
  expect(typed.get(face)).toBe(after)
  expect(count.get(face)).toBe(before)
})
