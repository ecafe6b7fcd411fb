import { cellWidth } from '@tillkeeper/core/receipt/cell-width.ts'

/** Part of a line: plain signs of a fixed face, or one sign with its marks for a cell of its own. */
export type Run = { readonly at: number; readonly kind: 'plain' | 'cell'; readonly text: string }

/** Takes a line apart so that each sign stands in the column that `cellWidth` counted for it. */
export function splitCells(line: string): readonly Run[] {
  const runs: { at: number; kind: 'plain' | 'cell'; text: string }[] = []
  let at = 0
  for (const sign of line) {
    const last = runs.at(-1)
    if (cellWidth(sign) === 0 && last !== undefined) {
      // A mark stands over the sign before it, in that sign's cell.
      const carrier = last.kind === 'plain' ? takeLast(runs) : last
      carrier.text += sign
    } else if (sign.charCodeAt(0) < 0x80) {
      if (last?.kind === 'plain') last.text += sign
      else runs.push({ at, kind: 'plain', text: sign })
    } else runs.push({ at, kind: 'cell', text: sign })
    at += sign.length
  }
  return runs
}

/**
 * How a sign stands in its cell: some Thai signs are wider than a figure of the fixed face, a few by half, and are
 * drawn narrower, so that they do not touch their neighbours.
 */
export function cellClass(text: string): 'cell' | 'cell broad' | 'cell wide' {
  if (/^[ฌญฒณ]/.test(text)) return 'cell wide'
  return /^[ผฝพฟ]/.test(text) ? 'cell broad' : 'cell'
}

function takeLast(runs: { at: number; kind: 'plain' | 'cell'; text: string }[]) {
  const last = runs.at(-1)
  if (last === undefined) throw new Error('a mark follows a sign')
  const sign = last.text.slice(-1)
  last.text = last.text.slice(0, -1)
  const cell = { at: last.at + last.text.length, kind: 'cell' as const, text: sign }
  if (last.text === '') runs.pop()
  runs.push(cell)
  return cell
}
