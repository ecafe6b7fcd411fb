import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountMax, type Currency, minor } from '../money/money.ts'
import type { StatementLineId } from './match-statement.ts'
import {
  type DateOrder,
  guessMapping,
  parseStatement,
  parseStatementAmount,
  parseStatementDay,
  readCells,
} from './parse-statement.ts'
import { type OpenItem, type OpenLine, proposeMatches } from './propose-matches.ts'

const thb = 'THB' as Currency

test.for<[string, DateOrder, string | undefined]>([
  ['2026-11-20', 'dmy', '2026-11-20'],
  ['20261120', 'dmy', '2026-11-20'],
  ['2026-11-20 14:32:05', 'mdy', '2026-11-20'],
  ['20/11/2026', 'dmy', '2026-11-20'],
  ['11/20/2026', 'mdy', '2026-11-20'],
  ['20/11/2569', 'dmy', '2026-11-20'],
  ['2569-11-20', 'dmy', '2026-11-20'],
  ['20-11-69', 'dmy', '2026-11-20'],
  ['20-11-26', 'dmy', '2026-11-20'],
  ['26/11/20', 'ymd', '2026-11-20'],
  ['20 พ.ย. 2569', 'dmy', '2026-11-20'],
  ['20 พ.ย. 69', 'dmy', '2026-11-20'],
  ['๒๐ พฤศจิกายน ๒๕๖๙', 'dmy', '2026-11-20'],
  ['20 Nov 2026', 'dmy', '2026-11-20'],
  ['20-NOV-26', 'dmy', '2026-11-20'],
  ['20 Okt 2026', 'dmy', '2026-10-20'],
  ['1.2.2026', 'dmy', '2026-02-01'],
  ['31/02/2026', 'dmy', undefined],
  ['20 Foo 2026', 'dmy', undefined],
  ['yesterday', 'dmy', undefined],
  ['', 'dmy', undefined],
])('the day %s, %s', ([text, order, day]) => {
  expect(parseStatementDay(text, order)).toBe(day)
})

test.for<[string, '.' | ',', string, number | undefined]>([
  ['1,234.50', '.', 'THB', 123_450],
  ['1.234,50', ',', 'IDR', 123_450],
  ['1.234.567', ',', 'IDR', 123_456_700],
  ['1,00,000.00', '.', 'THB', 10_000_000],
  ['฿1,234.5', '.', 'THB', 123_450],
  ['THB 100', '.', 'THB', 10_000],
  ['๑,๒๓๔.๕๐', '.', 'THB', 123_450],
  ['-100.00', '.', 'THB', -10_000],
  ['100.00-', '.', 'THB', -10_000],
  ['−100.00', '.', 'THB', -10_000],
  ['(100.00)', '.', 'THB', -10_000],
  ['100.00 DR', '.', 'THB', -10_000],
  ['100.00 CR', '.', 'THB', 10_000],
  ['+100', '.', 'THB', 10_000],
  ['1 234,50', ',', 'THB', 123_450],
  ['100.000', '.', 'THB', 10_000],
  ['100.005', '.', 'THB', undefined],
  ['1.5', '.', 'JPY', undefined],
  ['1,23', '.', 'THB', undefined],
  ['12.34.56', '.', 'THB', undefined],
  ['', '.', 'THB', undefined],
  ['-', '.', 'THB', undefined],
  ['balance', '.', 'THB', undefined],
  ['99999999999999999', '.', 'THB', undefined],
])('the amount %s with %s of %s', ([text, decimalSign, currency, amount]) => {
  expect(parseStatementAmount(text, { currency: currency as Currency, decimalSign })).toBe(amount)
})

test('any amount is read as it was written, in both spellings', () => {
  fc.assert(
    fc.property(fc.integer({ min: -amountMax, max: amountMax }), (amount) => {
      const size = Math.abs(amount)
      const whole = String(Math.floor(size / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
      const text = `${amount < 0 ? '-' : ''}${whole}.${String(size % 100).padStart(2, '0')}`
      expect(parseStatementAmount(text, { currency: thb, decimalSign: '.' })).toBe(amount + 0)
      const other = text.replace(/[.,]/g, (sign) => (sign === '.' ? ',' : '.'))
      expect(parseStatementAmount(other, { currency: thb, decimalSign: ',' })).toBe(amount + 0)
    }),
  )
})

test('cells are found behind quotes, other separators and ends of lines', () => {
  expect(readCells('\uFEFFa;b\r\n"x;""y""\nz";2\r\n\r\n3;')).toEqual([
    ['a', 'b'],
    ['x;"y"\nz', '2'],
    [],
    ['3', ''],
  ])
})

test('a Thai file is read with what its columns are guessed to be', () => {
  const rows = readCells(
    [
      'ธนาคารตัวอย่าง,,,,',
      'บัญชี 123-4-56789-0,,,,',
      'วันที่,รายการ,เลขที่อ้างอิง,ถอนเงิน,ฝากเงิน',
      '20/11/2569,ฝากเงินสด,A-1701,,"100,000.00"',
      '21/11/2569,แลกเหรียญ,C9,"20,000.00",',
      'ยอดยกไป,,,,"1,000,000.00"',
      '22/11/2569,ค่าธรรมเนียม,,,0.00',
    ].join('\n'),
  )
  const mapping = guessMapping(rows, thb)
  expect(mapping).toEqual({
    ...{ headRows: 3, date: 0, description: 1, reference: 2, debit: 3, credit: 4 },
    ...{ amount: undefined, dateOrder: 'dmy', decimalSign: '.' },
  })
  expect(mapping && parseStatement(rows, mapping, thb)).toEqual({
    lines: [
      {
        ...{ row: 4, bookedOn: '2026-11-20', amountMinor: 10_000_000 },
        ...{ reference: 'A-1701', description: 'ฝากเงินสด' },
      },
      {
        ...{ row: 5, bookedOn: '2026-11-21', amountMinor: -2_000_000 },
        ...{ reference: 'C9', description: 'แลกเหรียญ' },
      },
    ],
    rejected: [
      { row: 6, why: 'date' },
      { row: 7, why: 'amount' },
    ],
  })
  expect(guessMapping([['one', 'two']], thb)).toBeUndefined()
})

const line = (more: Partial<OpenLine> = {}): OpenLine => ({
  ...{ id: 'line' as StatementLineId, currency: thb, bookedOn: '2026-11-21' },
  ...{ amountMinor: minor(10_000), reference: '', description: 'cash deposit' },
  ...more,
})
const bag = (id: string, more: Partial<OpenItem> = {}): OpenItem => ({
  ...{ kind: 'bag', id, currency: thb, amountMinor: minor(10_000), since: '2026-11-20' },
  ...{ number: `A-170${id}`, references: [] },
  ...more,
})
const best = (asked: OpenLine, items: readonly OpenItem[]) => {
  const [first] = proposeMatches([asked], items)
  return first && [first.items.map(({ id }) => id).join('+'), first.reasons, first.differenceMinor]
}

test('a line is proposed by number, reference, amount and day, the surest first', () => {
  const items = [bag('1'), bag('2'), bag('3', { references: ['SLIP-88'] })]
  expect(best(line({ reference: 'bag a1702' }), items)).toEqual([
    '2',
    ['bag_number', 'amount', 'same_day'],
    0,
  ])
  expect(best(line({ description: 'slip 88' }), items)).toEqual([
    '3',
    ['reference', 'amount', 'same_day'],
    0,
  ])
  expect(best(line(), [bag('1', { since: '2026-11-18' })])).toEqual(['1', ['amount', 'days'], 0])
  // Named, and the bank counted less.
  expect(best(line({ reference: 'A1701', amountMinor: minor(9_950) }), items)).toEqual([
    '1',
    ['bag_number', 'near_amount', 'same_day'],
    -50,
  ])
  expect(proposeMatches([line()], items)).toHaveLength(3)
})

test('one credit may be several bags, and a withdrawal is an order', () => {
  const items = [bag('1'), bag('2', { amountMinor: minor(7_000) }), bag('3')]
  expect(best(line({ amountMinor: minor(27_000) }), items)).toEqual([
    '1+2+3',
    ['sum', 'same_day'],
    0,
  ])
  const order = bag('9', { kind: 'order', amountMinor: minor(-5_000), number: '' })
  expect(best(line({ amountMinor: minor(-5_000) }), [...items, order])).toEqual([
    '9',
    ['amount', 'same_day'],
    0,
  ])
})

test('another currency, sign, or time is nothing, and so is an amount that only comes near', () => {
  expect(proposeMatches([line()], [bag('1', { currency: 'USD' as Currency })])).toEqual([])
  expect(proposeMatches([line()], [bag('1', { amountMinor: minor(-10_000) })])).toEqual([])
  expect(proposeMatches([line()], [bag('1', { since: '2026-11-23' })])).toEqual([])
  expect(proposeMatches([line()], [bag('1', { since: '2026-11-01' })])).toEqual([])
  expect(proposeMatches([line({ amountMinor: minor(9_999) })], [bag('1')])).toEqual([])
})
