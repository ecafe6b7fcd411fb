import { type Day, type Instant, localTimeOf } from '../base/instant.ts'
import { formatDigits, formatMinor, type Language } from '../money/currency.ts'
import { type Minor, minor } from '../money/money.ts'
import { unitQuantity } from '../sale/price-line.ts'
import { paidLines } from './currency-lines.ts'
import { centre, ends, row, wrap } from './layout.ts'
import { movementLines, movementName } from './movement-lines.ts'
import type { ReceiptView, RefundReceipt, SaleReceipt } from './receipt-view.ts'
import { reportLines } from './report-lines.ts'
import { type ReceiptWords, receiptWords } from './words.ts'

/** Cells of a line: 42 on paper of 80 mm, 32 on paper of 58 mm. */
export type ReceiptWidth = 42 | 32

export type ReceiptOptions = {
  readonly language: Language
  readonly width?: ReceiptWidth | undefined
  /** Printed again: marked, so that it is no second receipt. */
  readonly copy?: boolean | undefined
  /** Printed before the store server had it. */
  readonly offline?: boolean | undefined
}

/** How a receipt is written: what its parts share. */
export type Writer = {
  readonly words: ReceiptWords
  readonly language: Language
  readonly width: number
  readonly amount: (value: Minor) => string
  /** A day and a clock reading in the shop's time zone. */
  readonly time: (at: Instant) => string
  readonly day: (day: Day) => string
  readonly rule: string
}

/**
 * Writes a receipt or a report as plain text in a fixed face, in a customer's language: lines of at most
 * `width` cells, each ended by a line feed. The same view gives the same text, wherever it is written.
 */
export function receiptText(view: ReceiptView, options: ReceiptOptions): string {
  const { language, width = 42 } = options
  const words = receiptWords[language]
  const writer: Writer = {
    words,
    language,
    width,
    amount: (value) => formatMinor(value, view.currency, language),
    time: (at) => timeText(at, view.shop.timeZone, words),
    day: (day) => dayText(day, words),
    rule: '-'.repeat(width),
  }
  const lines = [
    ...headLines(view, writer, options),
    ...bodyLines(view, writer, language),
    ...footLines(view, writer),
  ]
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function headLines(view: ReceiptView, writer: Writer, options: ReceiptOptions): string[] {
  const { words, width, rule } = writer
  const { shop } = view
  const marks = [options.copy && words.copy, options.offline && words.offline].filter(
    (mark) => typeof mark === 'string',
  )
  return [
    ...centre(shop.name, width),
    ...centre(shop.address, width),
    ...(shop.taxNumber === '' ? [] : centre(`${words.taxNumber} ${shop.taxNumber}`, width)),
    rule,
    ...centre(titleOf(view, words), width),
    ...marks.flatMap((mark) => centre(`*** ${mark} ***`, width)),
  ]
}

function titleOf(view: ReceiptView, words: ReceiptWords): string {
  if (view.kind === 'sale') return words.receipt
  if (view.kind !== 'movement') return words[view.kind]
  const [first] = view.parts
  return first === undefined ? words.receipt : movementName(view, first.type, words).toUpperCase()
}

// What a shop says to its customers does not stand on its own papers.
function footLines({ shop, kind }: ReceiptView, { width }: Writer): string[] {
  const isOwn = kind === 'movement' || kind === 'x' || kind === 'z'
  return shop.receiptFooter === '' || isOwn ? [] : ['', ...centre(shop.receiptFooter, width)]
}

function bodyLines(view: ReceiptView, writer: Writer, language: Language): string[] {
  switch (view.kind) {
    case 'sale':
      return saleLines(view, writer, language)
    case 'refund':
    case 'void':
      return refundLines(view, writer, language)
    case 'x':
    case 'z':
      return reportLines(view, writer)
    case 'movement':
      return movementLines(view, writer)
  }
}

function saleLines(sale: SaleReceipt, writer: Writer, language: Language): string[] {
  const { words, width, amount, rule } = writer
  return [
    ...actLines(sale, writer),
    ...(sale.customerNumber ? wrap(`${words.customer} ${sale.customerNumber}`, width) : []),
    rule,
    ...sale.lines.flatMap((line) => {
      const full = amount(minor(line.totalMinor + line.discountMinor))
      const price = `${quantityText(line.quantity, language)} x ${amount(line.unitPriceMinor)}`
      return [
        ...(line.quantity === unitQuantity
          ? row(line.name, full, width)
          : [...wrap(line.name, width), ...row(`  ${price}`, full, width)]),
        ...(line.discountMinor > 0
          ? row(`  ${words.discount}`, amount(minor(-line.discountMinor)), width)
          : []),
      ]
    }),
    rule,
    ...row(`${words.total} ${sale.currency}`, amount(sale.totalMinor), width),
    ...paidLines(sale, writer),
    ...taxLines(sale, writer, language),
    ...(sale.note ? wrap(`${words.note}: ${sale.note}`, width) : []),
  ]
}

function refundLines(refund: RefundReceipt, writer: Writer, language: Language): string[] {
  const { words, width, amount, rule } = writer
  return [
    ...actLines(refund, writer),
    ...(refund.saleReceiptNumber
      ? wrap(`${words.ofReceipt} ${refund.saleReceiptNumber}`, width)
      : []),
    rule,
    ...refund.lines.flatMap((line) =>
      row(
        `${quantityText(line.quantity, language)} x ${line.name}`,
        amount(minor(-line.totalMinor)),
        width,
      ),
    ),
    rule,
    ...row(`${words.refunded} ${refund.currency}`, amount(refund.totalMinor), width),
    ...paidLines(refund, writer),
    ...taxLines(refund, writer, language),
    ...wrap(`${words.reason}: ${refund.reason}`, width),
  ]
}

function actLines(act: SaleReceipt | RefundReceipt, writer: Writer): string[] {
  const { words, width, time } = writer
  return [
    ...ends(act.receiptNumber, time(act.occurredAt), width),
    ...wrap(`${words.till} ${act.tillNumber} · ${act.staffName}`, width),
  ]
}

function taxLines(act: SaleReceipt | RefundReceipt, writer: Writer, language: Language): string[] {
  const { words, width, amount, rule } = writer
  if (act.taxes.length === 0) return []
  const rows = act.taxes.flatMap(({ vatBasisPoints, netMinor, taxMinor }) => {
    const rate = `${words.vat} ${formatDigits(vatBasisPoints, 2, language)}%`
    return row(`${rate} ${words.net} ${amount(netMinor)}`, amount(taxMinor), width)
  })
  return [rule, ...rows]
}

/** A quantity in units: `3`, `0.25`. */
function quantityText(quantity: number, language: Language): string {
  return formatDigits(quantity, 3, language)
}

function timeText(at: Instant, timeZone: string, words: ReceiptWords): string {
  const { year, month, day, hour, minute } = localTimeOf(at, timeZone)
  const clock = [hour, minute].map((part) => String(part).padStart(2, '0')).join(words.clockSign)
  return `${day} ${words.months[month - 1]} ${year + words.yearOffset} ${clock}`
}

function dayText(text: Day, words: ReceiptWords): string {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  return `${day} ${words.months[month - 1]} ${year + words.yearOffset}`
}
