import type { Act, ActLine, FileProduct, RejectedRow, TradingFile } from './act.ts'

export const onlineRetailColumns = [
  'invoice_no',
  'stock_code',
  'description',
  'quantity',
  'invoiced_at',
  'unit_price_gbp',
  'customer_id',
  'country',
] as const

type Row = { readonly row: number; readonly fields: Readonly<Record<string, string>> }

/**
 * Reads the gift retailer's file: rows of one invoice together. An invoice whose number begins with C
 * is a return, its quantities below zero. What is not a product (postage, discounts, bank charges) is
 * sold under its code like one: its money moved.
 */
export function readOnlineRetail(rows: readonly Readonly<Record<string, string>>[]): TradingFile {
  const rejected: RejectedRow[] = []
  const invoices = Map.groupBy(
    rows.map((fields, index): Row => ({ row: index + 2, fields })),
    ({ fields }) => fields.invoice_no ?? '',
  )
  const products = new Map<string, FileProduct>()
  const acts: Act[] = []
  for (const [number, invoice] of invoices) {
    const kind = number.startsWith('C') ? 'return' : 'sale'
    const lines: ActLine[] = []
    for (const { row, fields } of invoice) {
      const read = readLine(kind, fields)
      if ('reason' in read) {
        rejected.push({ row, reason: read.reason })
        continue
      }
      lines.push(read)
      rememberProduct(products, read, fields.description ?? '')
    }
    const [first] = invoice
    if (lines.length === 0 || first === undefined) continue
    acts.push(actOf({ kind, number, first, lines }))
  }
  acts.sort((a, b) =>
    a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.row - b.row,
  )
  return {
    currency: 'GBP',
    timeZone: 'Europe/London',
    products: [...products.values()],
    acts,
    rejected,
  }
}

function actOf(invoice: {
  readonly kind: Act['kind']
  readonly number: string
  readonly first: Row
  readonly lines: readonly ActLine[]
}): Act {
  const { kind, number, first, lines } = invoice
  const { invoiced_at: at = '', customer_id: customer = '', country = '' } = first.fields
  return {
    kind,
    number,
    row: first.row,
    occurredAt: new Date(`${at}.000Z`).toISOString(), // London keeps UTC in December.
    day: at.slice(0, 10),
    lines,
    ...(customer === '' ? {} : { customerNumber: customer }),
    ...(country === '' ? {} : { note: country }),
  }
}

function readLine(
  kind: Act['kind'],
  { stock_code: code = '', quantity: pieces = '', unit_price_gbp: price = '' }: Row['fields'],
): ActLine | { readonly reason: string } {
  if (code === '') return { reason: 'the stock code is missing' }
  if (!/^-?[0-9]{1,6}$/.test(pieces)) return { reason: 'the quantity is not a whole number' }
  const unitMinor = poundsToPence(price)
  if (unitMinor === undefined) return { reason: 'the price is not an amount with two decimals' }
  const count = Number(pieces)
  if (count === 0) return { reason: 'nothing was sold: the quantity is zero' }
  if (kind === 'sale' && count < 0) {
    return { reason: 'stock written off, not sold: a quantity below zero that is no return' }
  }
  if (kind === 'return' && count > 0) return { reason: 'a return of a quantity above zero' }
  return { code, pieces: Math.abs(count), unitMinor }
}

/** Reads pounds as text, `2.5` or `12` or `0.85`, into pence: no float touches an amount. */
export function poundsToPence(text: string): number | undefined {
  const match = /^([0-9]{1,7})(?:[.]([0-9]{1,2}))?$/.exec(text)
  if (match === null) return undefined
  const [, pounds = '', pence = ''] = match
  return Number(pounds) * 100 + Number(pence.padEnd(2, '0'))
}

function rememberProduct(
  products: Map<string, FileProduct>,
  { code, unitMinor }: ActLine,
  description: string,
): void {
  const known = products.get(code)
  if (known !== undefined && (known.name !== known.code || description === '')) return
  products.set(code, {
    code,
    name: description === '' ? code : description,
    category: /^[0-9]/.test(code) ? 'gifts' : 'other',
    priceMinor: known?.priceMinor ?? unitMinor,
    vatBasisPoints: 2000,
  })
}
