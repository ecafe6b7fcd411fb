import { formatMinor } from '../money/currency.ts'
import type { Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { foreignPaidLines, otherDrawerLines } from './currency-lines.ts'
import { ends, row, wrap } from './layout.ts'
import type { Writer } from './receipt-text.ts'
import type { SessionReport } from './receipt-view.ts'

/** The figures of a session: what was sold, how it was paid, and what the drawer holds. */
export function reportLines(report: SessionReport, writer: Writer): string[] {
  const { words, width, amount, time, day, rule } = writer
  const { totals } = report
  const counted = (name: string, count: number, value: number) =>
    row(`${name} (${count})`, amount(minor(value)), width)
  const figure = (name: string, value: number) => row(name, amount(minor(value)), width)
  return [
    ...wrap(`${words.till} ${report.tillNumber} · ${report.staffName}`, width),
    ...ends(words.businessDate, day(report.businessDate), width),
    ...ends(words.openedAt, time(report.openedAt), width),
    ...(report.close ? ends(words.closedAt, time(report.close.closedAt), width) : []),
    rule,
    ...counted(words.sales, totals.sales, totals.salesMinor),
    ...counted(words.refunds, totals.refunds, -totals.refundsMinor),
    ...figure(`${words.netSales} ${report.currency}`, totals.salesMinor - totals.refundsMinor),
    ...figure(words.tax, totals.taxMinor),
    rule,
    ...figure(words.methods.cash, cashSales(report) - cashRefunds(report)),
    ...figure(words.methods.card, totals.cardMinor),
    ...figure(words.methods.bank_transfer, totals.bankTransferMinor),
    ...figure(words.methods.promptpay, totals.promptpayMinor),
    ...(totals.machineMinor === 0 ? [] : figure(words.methods.machine, totals.machineMinor)),
    ...foreignPaidLines(totals, writer),
    rule,
    ...openingLines(report, writer),
    ...figure(words.float, report.floatMinor),
    ...figure(words.cashSales, cashSales(report)),
    ...figure(words.cashRefunds, -cashRefunds(report)),
    ...figure(words.payIn, totals.payInMinor),
    ...figure(words.payOut, -totals.payOutMinor),
    ...figure(words.dropped, -totals.droppedMinor),
    ...figure(words.toppedUp, totals.toppedUpMinor),
    ...(report.expectedMinor === null ? [] : figure(words.expected, report.expectedMinor)),
    ...otherDrawerLines(totals, report.expectedMinor !== null, writer),
    ...closeLines(report, writer),
  ]
}

function closeLines(report: SessionReport, writer: Writer): string[] {
  const { words, width, rule } = writer
  const { close } = report
  if (close === null) return []
  const own = { ...close, currency: report.currency, pieces: close.countedPieces }
  return [
    ...countLines(own, '', writer),
    ...(close.others ?? []).flatMap((other) => [
      rule,
      ...countLines(other, ` ${other.currency}`, writer),
    ]),
    ...leftLines(close, writer),
    ...(close.note === '' ? [] : wrap(`${words.note}: ${close.note}`, width)),
  ]
}

type Close = NonNullable<SessionReport['close']>
type Count = {
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly varianceMinor: Minor
  readonly pieces?: Pieces | null
}

// What was expected stands above, at the end of what moved.
function countLines(count: Count, of: string, writer: Writer): string[] {
  const { words, width, rule, language } = writer
  const amount = (value: number) => formatMinor(minor(value), count.currency, language)
  const pieces = (count.pieces ?? []).flatMap(({ faceMinor, pieces: each }) =>
    row(`  ${amount(faceMinor)} x ${each}`, amount(faceMinor * each), width),
  )
  const variance = `${varianceWord(count.varianceMinor, writer)}${of}`
  return [
    ...row(`${words.counted}${of}`, amount(count.countedMinor), width),
    ...pieces,
    rule,
    ...row(variance, amount(count.varianceMinor), width),
  ]
}

/** What stayed in the drawer, and whether it was counted again. */
function leftLines({ left = [], recounts = 0 }: Close, writer: Writer): string[] {
  const { words, width, language } = writer
  return [
    ...left.flatMap(({ currency, minor: value }) =>
      row(`${words.leftInDrawer} ${currency}`, formatMinor(value, currency, language), width),
    ),
    ...(recounts === 0 ? [] : row(words.recounts, String(recounts), width)),
  ]
}

/** What the drawer had more or less, when it was opened, than was left in it. */
function openingLines({ opening }: SessionReport, { words, width, amount }: Writer): string[] {
  const variance = opening?.varianceMinor ?? 0
  return variance === 0 ? [] : row(words.openingDifference, amount(minor(variance)), width)
}

function varianceWord(varianceMinor: Minor, { words }: Writer): string {
  if (varianceMinor === 0) return words.noVariance
  return varianceMinor < 0 ? words.shortage : words.surplus
}

// Cash in counts pay-ins too, and cash out pay-outs.
function cashSales({ totals }: SessionReport): number {
  return totals.cashInMinor - totals.payInMinor
}

function cashRefunds({ totals }: SessionReport): number {
  return totals.cashOutMinor - totals.payOutMinor
}
