import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import {
  csvHead,
  formatCsv,
  formatDecimal,
  formatHledger,
  formatHledgerHead,
  type JournalEntry,
} from './journal-text.ts'

const thb = 'THB' as Currency
const entry: JournalEntry = {
  id: 'f1/moved',
  factId: 'f1',
  sessionId: 's1',
  staffId: 'p1',
  type: 'pay_out',
  from: 'drawer:t1',
  to: 'supplier:shop',
  currency: thb,
  amountMinor: minor(12_305),
  category: 'Ice',
  recipient: 'Somchai; and sons',
  note: '',
  businessDate: '2026-03-02',
  occurredAt: '2026-03-02T03:04:05.000Z',
}

test.each([
  [0, 'THB', '0.00'],
  [5, 'THB', '0.05'],
  [-5, 'THB', '-0.05'],
  [123_456, 'THB', '1234.56'],
  [-123_456, 'JPY', '-123456'],
  [1_234, 'KWD', '1.234'],
  [9_007_199_254_740_991, 'THB', '90071992547409.91'],
])('%d minor units of %s are %s', (amount, currency, text) => {
  expect(formatDecimal(amount, currency as Currency)).toBe(text)
})

test('a transfer is an entry of two postings that add up to zero', () => {
  expect(formatHledger(entry)).toBe(
    [
      '2026-03-02 (pay_out) Ice · Somchai  and sons',
      '    ; at:2026-03-02T03:04:05.000Z, transfer:f1/moved',
      '    ; staff:p1, session:s1',
      '    supplier:shop  123.05 THB',
      '    drawer:t1  -123.05 THB',
      '',
      '',
    ].join('\n'),
  )
})

test('a journal begins with its currencies, its places, and what they held', () => {
  const places = [
    { location: 'drawer:t1', currency: thb, balanceMinor: minor(100) },
    { location: 'safe:shop', currency: thb, balanceMinor: minor(-100) },
  ]
  const head = {
    title: 'Cash of\nSathorn',
    from: '2026-03-02',
    currencies: ['JPY' as Currency, thb],
    accounts: new Map([['drawer:t1', 'till 1']]),
  }
  expect(formatHledgerHead({ ...head, opening: places })).toBe(
    [
      '; Cash of Sathorn',
      'decimal-mark .',
      'commodity 1000. JPY',
      'commodity 1000.00 THB',
      'account drawer:t1  ; till 1',
      '',
      '2026-03-02 (opening) opening balances',
      '    drawer:t1  1.00 THB',
      '    safe:shop  -1.00 THB',
      '',
      '',
    ].join('\n'),
  )
  expect(formatHledgerHead({ ...head, opening: [] })).not.toContain('opening')
})

test('CSV has a cell for each column, and no cell that a spreadsheet would run', () => {
  const line = formatCsv({ ...entry, note: '=1+1', recipient: 'a "b", c' })
  expect(csvHead.split(',')).toHaveLength(13)
  expect(line).toBe(
    '2026-03-02,2026-03-02T03:04:05.000Z,pay_out,drawer:t1,supplier:shop,THB,123.05,Ice,' +
      '"a ""b"", c",\'=1+1,p1,s1,f1/moved\r\n',
  )
})
