import { cellWidth } from '@tillkeeper/core/receipt/cell-width.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellClass, splitCells } from './split-cells.ts'

test('marks stay with their letter, and amounts stay in one run', () => {
  expect(splitCells('น้ำ  45.00').map(({ kind, text }) => [kind, text])).toEqual([
    ['cell', 'น้'],
    ['cell', 'ำ'],
    ['plain', '  45.00'],
  ])
})

test('nothing is lost, and each cell is one column wide', () => {
  const signs = fc.constantFrom(...'กเ้ำิ่a1. é·', 'ู')
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 30 }), (parts) => {
      const line = parts.join('')
      const runs = splitCells(line)
      expect(runs.map(({ text }) => text).join('')).toBe(line)
      for (const { kind, text } of runs) {
        if (kind === 'cell') expect(cellWidth(text)).toBeLessThanOrEqual(1)
        else expect(text).toMatch(/^[ -~]+$/)
      }
    }),
  )
})

test('signs that are wider than a cell are drawn narrower, with their marks', () => {
  const classes = splitCells('ขอบคุณค่ะ พี่ญ่า').flatMap(({ kind, text }) =>
    kind === 'cell' ? [[text, cellClass(text)]] : [],
  )
  expect(classes).toEqual([
    ...['ข', 'อ', 'บ', 'คุ'].map((text) => [text, 'cell']),
    ['ณ', 'cell wide'],
    ...['ค่', 'ะ'].map((text) => [text, 'cell']),
    ['พี่', 'cell broad'],
    ['ญ่', 'cell wide'],
    ['า', 'cell'],
  ])
})
