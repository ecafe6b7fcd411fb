import { type Day, isDay } from '../base/instant.ts'
import { exponentOf } from '../money/currency.ts'
import { amountMax, type Currency, type Minor, minor } from '../money/money.ts'

// A bank's statement as a file of values: read by what a person says its columns are. Banks agree on nothing: the
// separator, the order of a date, the era of its year, where a minus stands, or which sign parts decimals.

/** As many rows of a file are read. */
export const statementRowsMax = 20_000
const cellCharsMax = 300

export type DateOrder = 'dmy' | 'mdy' | 'ymd'

/** What the columns of a file are, from 0. */
export type StatementMapping = {
  /** Rows above the first line: titles and names of columns. */
  readonly headRows: number
  readonly date: number
  readonly dateOrder: DateOrder
  readonly decimalSign: '.' | ','
  /** One column with a sign, or two: what came in and what went out. */
  readonly amount?: number | undefined
  readonly credit?: number | undefined
  readonly debit?: number | undefined
  readonly reference?: number | undefined
  readonly description?: number | undefined
}

export type ParsedLine = {
  /** In the file, from 1. */
  readonly row: number
  readonly bookedOn: Day
  readonly amountMinor: Minor
  readonly reference: string
  readonly description: string
}

export type ParsedStatement = {
  readonly lines: readonly ParsedLine[]
  /** Rows that are no line, and what of them could not be read; blank rows are left out. */
  readonly rejected: readonly { readonly row: number; readonly why: 'date' | 'amount' }[]
}

const separators = [',', ';', '\t', '|'] as const

/** Cells of a file of values: quotes doubled inside quotes, any end of a line, the separator that fits best. */
export function readCells(text: string): readonly (readonly string[])[] {
  const body = text.replace(/^\uFEFF/, '')
  const head = body.slice(0, 20_000)
  const counts = separators.map((separator) => head.split(separator).length)
  const best = separators[counts.indexOf(Math.max(...counts))] ?? ','
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell.trim().slice(0, cellCharsMax))
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.some((each) => each !== '')) rows.push(row)
    else rows.push([])
    row = []
  }
  for (let at = 0; at < body.length && rows.length < statementRowsMax; at += 1) {
    const sign = body[at] as string
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (body[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (sign === '"' && cell.trim() === '') {
      cell = ''
      quoted = true
    } else if (sign === best) endCell()
    else if (sign === '\n') endRow()
    else if (sign !== '\r') cell += sign
  }
  if ((cell !== '' || row.length > 0) && rows.length < statementRowsMax) endRow()
  return rows
}

const thaiMonths = [
  ...['ม.ค.', 'ก.พ.', 'มี.ค.', 'เม.ย.', 'พ.ค.', 'มิ.ย.'],
  ...['ก.ค.', 'ส.ค.', 'ก.ย.', 'ต.ค.', 'พ.ย.', 'ธ.ค.'],
]
const thaiMonthNames = [
  ...['มกรา', 'กุมภา', 'มีนา', 'เมษา', 'พฤษภา', 'มิถุนา'],
  ...['กรกฎา', 'สิงหา', 'กันยา', 'ตุลา', 'พฤศจิกา', 'ธันวา'],
]
const englishMonths = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
// Where Indonesian names differ in their first three letters.
const indonesianMonths: Readonly<Record<string, number>> = {
  mei: 5,
  agu: 8,
  agt: 8,
  okt: 10,
  des: 12,
}

/**
 * A day as banks write it: `2026-11-20`, `20/11/2026`, `20-11-69`, `20 พ.ย. 2569`, `20 Nov 2026`, with a time
 * behind it or none. A year from 2400 on is of the Buddhist era; a year of two digits is taken as Buddhist from
 * 50 on (2550 is 2007), else as of this century. `undefined` where there is no such day.
 */
export function parseStatementDay(text: string, order: DateOrder): Day | undefined {
  const plain = toPlainDigits(text).toLowerCase()
  const whole = /^\s*(\d{4})(\d{2})(\d{2})(?!\d)/.exec(plain)
  if (whole !== null) return toDay(whole[1], whole[2], whole[3])
  const iso = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(plain)
  if (iso !== null) return toDay(iso[1], iso[2], iso[3])
  const named = /^\s*(\d{1,2})[\s\-/.]*([^\d\s\-/]+)[\s\-/]*(\d{4}|\d{2})(?!\d)/u.exec(plain)
  if (named !== null) return toDay(named[3], monthOf(named[2] ?? ''), named[1])
  const parts = /^\s*(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4}|\d{2})(?!\d)/.exec(plain)
  if (parts === null) return undefined
  const [, first, second, third] = parts
  if (order === 'ymd') return toDay(first, second, third)
  return order === 'mdy' ? toDay(third, first, second) : toDay(third, second, first)
}

function monthOf(name: string): string | undefined {
  const thai = thaiMonths.findIndex(
    (month) => name.replaceAll('.', '') === month.replaceAll('.', ''),
  )
  const long = thaiMonthNames.findIndex((month) => name.startsWith(month))
  const english = englishMonths.indexOf(name.slice(0, 3))
  const found = [thai, long, english].find((index) => index >= 0)
  if (found !== undefined) return String(found + 1)
  const other = indonesianMonths[name.slice(0, 3)]
  return other === undefined ? undefined : String(other)
}

const buddhistFrom = 2_400
const buddhistYears = 543

function toDay(year?: string, month?: string, day?: string): Day | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined
  let number = Number(year)
  if (year.length === 2) number += number >= 50 ? 2_500 : 2_000
  if (number >= buddhistFrom) number -= buddhistYears
  const text = `${pad(number, 4)}-${pad(Number(month), 2)}-${pad(Number(day), 2)}`
  return isDay(text) ? text : undefined
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0')

function toPlainDigits(text: string): string {
  return text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
}

/**
 * An amount in minor units as banks write it: `1,234.50`, `1.234,50`, `(100.00)`, `-100`, `100.00-`, `100.00 DR`,
 * `฿1,234.50`. `undefined` where it is none, or has more decimals than the currency.
 */
export function parseStatementAmount(
  text: string,
  { currency, decimalSign }: { readonly currency: Currency; readonly decimalSign: '.' | ',' },
): Minor | undefined {
  let plain = toPlainDigits(text)
    .replace(/[\u2212\u2012\u2013]/g, '-')
    .replace(/[\s\u00a0']/g, '')
  const debit = /^\(.*\)$/.test(plain) || /(?:DR|DB|ถอน)\.?$/i.test(plain)
  plain = plain.replace(/^\(|\)$/g, '').replace(/(?:CR|DR|DB|K|D|ฝาก|ถอน)\.?$/i, '')
  plain = plain.replace(/^[+]/, '').replace(/(?:THB|IDR|USD|Rp\.?|บาท|[฿$€£¥])/giu, '')
  const minus = /^-|-$/.test(plain)
  plain = plain.replace(/^[+-]|[+-]$/g, '')
  const thousands = decimalSign === '.' ? ',' : '.'
  const grouped = new RegExp(`^\\d{1,3}(?:\\${thousands}\\d{2,3})*\\${thousands}\\d{3}$|^\\d*$`)
  const [whole = '', decimals = '', ...more] = plain.split(decimalSign)
  if (more.length > 0 || !grouped.test(whole) || !/^\d*$/.test(decimals)) return undefined
  if (whole === '' && decimals === '') return undefined
  const exponent = exponentOf(currency)
  const kept = decimals.replace(/0+$/, '')
  if (kept.length > exponent) return undefined
  const digits = `${whole.replaceAll(thousands, '')}${kept.padEnd(exponent, '0')}`
  const size = Number(digits)
  if (!Number.isSafeInteger(size) || size > amountMax) return undefined
  return minor(minus || debit ? -size : size)
}

/** Reads the lines of a file. A row whose day or amount cannot be read is said, and never guessed. */
export function parseStatement(
  rows: readonly (readonly string[])[],
  mapping: StatementMapping,
  currency: Currency,
): ParsedStatement {
  const lines: ParsedLine[] = []
  const rejected: { row: number; why: 'date' | 'amount' }[] = []
  for (const [index, cells] of rows.entries()) {
    const row = index + 1
    if (index < mapping.headRows || cells.length === 0) continue
    const bookedOn = parseStatementDay(cells[mapping.date] ?? '', mapping.dateOrder)
    const amountMinor = amountOf(cells, mapping, currency)
    if (bookedOn === undefined) rejected.push({ row, why: 'date' })
    else if (amountMinor === undefined || amountMinor === 0) rejected.push({ row, why: 'amount' })
    else {
      const reference = textOf(cells, mapping.reference, 100)
      const description = textOf(cells, mapping.description, 200)
      lines.push({ row, bookedOn, amountMinor, reference, description })
    }
  }
  return { lines, rejected }
}

function amountOf(
  cells: readonly string[],
  { amount, credit, debit, decimalSign }: StatementMapping,
  currency: Currency,
): Minor | undefined {
  const read = (column: number | undefined) =>
    column === undefined
      ? undefined
      : parseStatementAmount(cells[column] ?? '', { currency, decimalSign })
  if (amount !== undefined) return read(amount)
  const came = Math.abs(read(credit) ?? 0)
  const went = Math.abs(read(debit) ?? 0)
  // Both at once is no line that we understand.
  return came > 0 && went > 0 ? undefined : minor(came - went)
}

// What a fact's text takes: one line, nothing that cannot be printed.
function textOf(cells: readonly string[], column: number | undefined, charsMax: number): string {
  const text = column === undefined ? '' : (cells[column] ?? '')
  const printable = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim()
  return [...printable].slice(0, charsMax).join('')
}

const names: Readonly<
  Record<'date' | 'amount' | 'credit' | 'debit' | 'reference' | 'description', RegExp>
> = {
  date: /date|วันที่|tanggal|^tgl/i,
  credit: /credit|deposit|paid in|เงินฝาก|ฝากเงิน|^ฝาก|เครดิต|เงินเข้า|kredit|masuk/i,
  debit: /debit|withdraw|paid out|เงินถอน|ถอนเงิน|^ถอน|เดบิต|เงินออก|keluar/i,
  amount: /amount|จำนวนเงิน|jumlah|nominal|mutasi/i,
  reference: /ref|อ้างอิง|เลขที่|referensi|slip|cheque|เช็ค/i,
  description: /desc|detail|รายการ|รายละเอียด|keterangan|memo|note|หมายเหตุ/i,
}
const headRowsLookedAt = 30

/** Guesses what the columns are, from their names and from what stands below; a person looks at it. */
export function guessMapping(
  rows: readonly (readonly string[])[],
  currency: Currency,
): StatementMapping | undefined {
  const head = rows
    .slice(0, headRowsLookedAt)
    .findIndex(
      (cells) =>
        cells.some((cell) => names.date.test(cell)) &&
        cells.some((cell) => [names.amount, names.credit, names.debit].some((n) => n.test(cell))),
    )
  if (head < 0) return undefined
  const cells = rows[head] ?? []
  const taken = new Set<number>()
  const column = (name: RegExp) => {
    const found = cells.findIndex((cell, index) => !taken.has(index) && name.test(cell))
    if (found < 0) return undefined
    taken.add(found)
    return found
  }
  const date = column(names.date)
  if (date === undefined) return undefined
  const credit = column(names.credit)
  const debit = column(names.debit)
  const amount = credit === undefined && debit === undefined ? column(names.amount) : undefined
  const reference = column(names.reference)
  const description = column(names.description)
  const found = { headRows: head + 1, date, credit, debit, amount, reference, description }
  return bestReading(rows, found, currency)
}

/** The order of dates and the sign of decimals by which most rows can be read. */
function bestReading(
  rows: readonly (readonly string[])[],
  found: Omit<StatementMapping, 'dateOrder' | 'decimalSign'>,
  currency: Currency,
): StatementMapping {
  const sample = rows.slice(0, found.headRows + 200)
  const ways = (['dmy', 'mdy', 'ymd'] as const).flatMap((dateOrder) =>
    (['.', ','] as const).map((decimalSign) => ({ ...found, dateOrder, decimalSign })),
  )
  const read = ways.map((way) => parseStatement(sample, way, currency).lines.length)
  return ways[read.indexOf(Math.max(...read))] as StatementMapping
}
