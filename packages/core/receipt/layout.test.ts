import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellWidth } from './cell-width.ts'
import { centre, ends, row, wrap } from './layout.ts'

test.for([
  ['', 0],
  ['Bread', 5],
  ['น้ำ', 2], // No nu and sara am; the tone mark stands above.
  ['ที่นี่', 2],
  ['กุ้ง', 2], // Sara u below, mai tho above.
  ['เก็บ', 3],
  ['ปั๊ม', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['咖啡', 4],
  ['コーヒー', 8],
  ['€', 1],
  ['🍞', 2],
] as const)('%s takes %i cells', ([text, cells]) => {
  expect(cellWidth(text)).toBe(cells)
})

test.for([
  { text: 'Bread', width: 10, lines: ['Bread'] },
  { text: 'White bread, sliced', width: 10, lines: ['White', 'bread,', 'sliced'] },
  { text: 'White bread, sliced', width: 12, lines: ['White bread,', 'sliced'] },
  { text: '  two   spaces ', width: 20, lines: ['two spaces'] },
  { text: 'RCP-261120-020001', width: 10, lines: ['RCP-261120', '-020001'] },
  { text: 'a RCP-261120-020001 b', width: 12, lines: ['a', 'RCP-261120-0', '20001 b'] },
  { text: 'ข้าวเหนียวมะม่วงน้ำกะทิสด', width: 12, lines: ['ข้าวเหนียว', 'มะม่วงน้ำกะทิสด'] },
  { text: 'กาแฟ(แก้วใหญ่)', width: 8, lines: ['กาแฟ(แก้ว', 'ใหญ่)'] },
  { text: 'อื่นๆ', width: 2, lines: ['อื่น', 'ๆ'] }, // Nothing else fits.
  { text: '𝅘𝅥𝅮', width: 2, lines: ['𝅘𝅥', '𝅮'] }, // One sign of three cells.
  { text: 'กาแฟอื่นๆ', width: 6, lines: ['กาแฟ', 'อื่นๆ'] },
  { text: '', width: 10, lines: [] },
  { text: '   ', width: 10, lines: [] },
])('$text in $width', ({ text, width, lines }) => {
  expect(wrap(text, width)).toEqual(lines)
})

test('an amount stands at the end of the last line of its text', () => {
  expect(row('Bread', '45.00', 16)).toEqual(['Bread      45.00'])
  expect(row('White bread, sliced', '45.00', 16)).toEqual(['White', 'bread,', 'sliced     45.00'])
  expect(row('  White bread', '45.00', 16)).toEqual(['  White', '  bread    45.00'])
  expect(row('', '45.00', 16)).toEqual(['           45.00'])
  expect(row('น้ำ', '1.00', 10)).toEqual(['น้ำ    1.00'])
})

test('two ends share a line where they fit', () => {
  expect(ends('ab', 'cd', 5)).toEqual(['ab cd'])
  expect(ends('ab', 'cd', 4)).toEqual(['ab', 'cd'])
})

test('a middle is the middle of each line', () => {
  expect(centre('ab', 6)).toEqual(['  ab'])
  expect(centre('White bread', 7)).toEqual([' White', ' bread'])
  expect(centre('', 6)).toEqual([])
})

test('a line has room for a sign', () => {
  expect(() => wrap('a', 1)).toThrow('every sign fits a line')
})

const thai = fc.constantFrom(
  'ก',
  'า',
  '้',
  'ิ',
  'ำ',
  'เ',
  'ๆ',
  ' ',
  'น้ำ',
  'กาแฟ',
  'bread',
  '-',
  ',',
  '🍞',
)
test('no line is too wide, and no sign is lost', () => {
  const texts = fc.oneof(fc.string({ unit: thai }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 42 }), (text, width) => {
      const lines = wrap(text, width)
      for (const line of lines) {
        expect(cellWidth(line)).toBeLessThanOrEqual(width)
        expect(line.trimEnd()).toBe(line)
        expect(line).not.toBe('')
      }
      const signs = (all: string) => all.replace(/\s/g, '')
      expect(signs(lines.join(''))).toBe(signs(text))
    }),
    { numRuns: 1_000 },
  )
})

test('a mark after mai yamok stays with it', () => {
  // Found by the property below: the dictionary of words lets a word begin with the mark.
  expect(wrap('กกาแฟๆิก', 5)).toEqual(['กกาแฟ', 'ๆิก'])
})

test('no line begins with a mark that stands on another sign', () => {
  fc.assert(
    fc.property(fc.string({ unit: thai }), fc.integer({ min: 4, max: 42 }), (text, width) => {
      for (const line of wrap(`ก${text}`, width))
        expect(line).not.toMatch(/^[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]/)
    }),
    { numRuns: 1_000 },
  )
})
