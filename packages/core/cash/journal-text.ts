import { exponentOf } from '../money/currency.ts'
import type { Currency, Minor } from '../money/money.ts'

// The cash of a shop as bookkeepers' programs read it: a journal of plain text for hledger and Ledger, and
// CSV. One transfer is one entry of two postings that add up to zero.

/** Cash from one place to another. */
export type JournalEntry = {
  /** `<fact id>/<part>`. */
  readonly id: string
  readonly factId: string
  readonly sessionId: string | null
  readonly staffId: string
  readonly type: string
  readonly from: string
  readonly to: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly category: string | null
  readonly recipient: string | null
  readonly note: string
  readonly businessDate: string
  readonly occurredAt: string
}

/** What a place held before the first day. */
export type OpeningBalance = {
  readonly location: string
  readonly currency: Currency
  readonly balanceMinor: Minor
}

/** An exact decimal in digits of no language: -1234.50. */
export function formatDecimal(amount: number, currency: Currency): string {
  const decimals = exponentOf(currency)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  const sign = amount < 0 ? '-' : ''
  if (decimals === 0) return `${sign}${digits}`
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** Begins a journal: the currencies with their decimals, and what each place held before the first day. */
export function formatHledgerHead(head: {
  readonly title: string
  readonly from: string
  readonly currencies: readonly Currency[]
  /** A line beside an account's name, for people. */
  readonly accounts: ReadonlyMap<string, string>
  readonly opening: readonly OpeningBalance[]
}): string {
  const { title, from, currencies, accounts, opening } = head
  const lines = [`; ${oneLine(title)}`, 'decimal-mark .']
  for (const currency of currencies) {
    const decimals = exponentOf(currency)
    lines.push(`commodity 1000.${'0'.repeat(decimals)} ${currency}`)
  }
  for (const [account, name] of accounts) lines.push(`account ${account}  ; ${oneLine(name)}`)
  if (opening.length > 0) {
    lines.push('', `${from} (opening) opening balances`)
    for (const { location, currency, balanceMinor } of opening) {
      lines.push(posting(location, balanceMinor, currency))
    }
  }
  return `${lines.join('\n')}\n\n`
}

/** One transfer as an entry: the type as its code, the rest as comments that both programs keep. */
export function formatHledger(entry: JournalEntry): string {
  const { currency, amountMinor } = entry
  const about = [entry.category, entry.recipient, entry.note].filter((text) => text !== null)
  const description = oneLine(about.filter((text) => text !== '').join(' · '))
  const session = entry.sessionId === null ? '' : `, session:${entry.sessionId}`
  return [
    `${entry.businessDate} (${entry.type}) ${description || entry.type}`,
    `    ; at:${entry.occurredAt}, transfer:${entry.id}`,
    `    ; staff:${entry.staffId}${session}`,
    posting(entry.to, amountMinor, currency),
    posting(entry.from, -amountMinor, currency),
    '\n',
  ].join('\n')
}

const posting = (account: string, amount: number, currency: Currency) =>
  `    ${account}  ${formatDecimal(amount, currency)} ${currency}`

// A semicolon begins a comment, and a line is a line. Facts hold no ends of lines; a shop's name might.
const oneLine = (text: string) => text.replaceAll(/[;|\p{Cc}\u2028\u2029]/gu, ' ').trim()

const csvColumns = [
  'date',
  'time',
  'type',
  'from',
  'to',
  'currency',
  'amount',
  'category',
  'recipient',
  'note',
  'staff_id',
  'session_id',
  'transfer_id',
]

/** The first line of the journal as CSV. */
export const csvHead = `${csvColumns.join(',')}\r\n`

/** One transfer as a line of CSV (RFC 4180). */
export function formatCsv(entry: JournalEntry): string {
  const cells = [
    ...[entry.businessDate, entry.occurredAt, entry.type, entry.from, entry.to, entry.currency],
    ...[formatDecimal(entry.amountMinor, entry.currency), entry.category ?? ''],
    ...[entry.recipient ?? '', entry.note, entry.staffId, entry.sessionId ?? '', entry.id],
  ]
  return `${cells.map(cell).join(',')}\r\n`
}

// A text that a spreadsheet would take for a formula is kept a text by a quote before it.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[0-9.]+$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
