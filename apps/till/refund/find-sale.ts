import { Page, Sale, SaleRow } from '@tillkeeper/client/api/shapes.ts'
import { businessDateOf, type Day, type Instant } from '@tillkeeper/core/base/instant.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { RefundableSale } from '@tillkeeper/core/refund/refund-sale.ts'
import type { Static } from 'typebox'
import { getShop, type TillNode } from '../app/node.ts'
import { findDocument, listRefunds, type SaleDocument } from '../receipt/document.ts'
import { askWithLogin } from '../store/ask-with-login.ts'

/** A sale that goods may come back of, as this till and its store server know it. */
export type FoundSale = Omit<RefundableSale, 'refunds'> & {
  readonly receiptNumber: string
  readonly occurredAt: Instant
  readonly staffName: string
  readonly totalMinor: Minor
  readonly refunds: readonly (RefundableSale['refunds'][number] & { readonly id: string })[]
  /** Whether the store server was asked what came back elsewhere. */
  readonly checked: 'with_store' | 'here_only'
}

export type FindSaleAnswer =
  | { readonly is: 'found'; readonly sale: FoundSale }
  | { readonly is: 'not_found' }
  /** It is not of this till, and the store server is out of reach. */
  | { readonly is: 'store_away' }
  /** It is not of this till, and who works here did not log in with the store server. */
  | { readonly is: 'no_login' }
  /** That number is a refund's. */
  | { readonly is: 'a_refund' }

/** Looks a receipt number up: here first, then at the store server, which knows the other tills. */
export async function findSale(node: TillNode, typed: string): Promise<FindSaleAnswer> {
  const today = businessDateOf(new Date(node.nowMs()).toISOString(), getShop(node).timeZone)
  const receiptNumber = spellReceiptNumber(typed, today)
  const here = await findDocument(node.db, receiptNumber)
  if (here?.kind === 'refund') return { is: 'a_refund' }
  const there = await askForSale(node, receiptNumber, here?.id)
  if (here !== undefined) {
    return {
      is: 'found',
      sale: await joinSale(node, here, there.is === 'found' ? there.sale : undefined),
    }
  }
  return there
}

const rows = Page(SaleRow)

async function askForSale(
  node: TillNode,
  receiptNumber: string,
  knownId: string | undefined,
): Promise<FindSaleAnswer> {
  let id = knownId
  if (id === undefined) {
    const query = new URLSearchParams({ q: receiptNumber, limit: '5' })
    const list = await askWithLogin<Static<typeof rows>>(node, rows, { path: `/v1/sales?${query}` })
    if (!list.ok) return { is: list.refusal.code === 'no_login' ? 'no_login' : 'store_away' }
    const row = list.value.items.find((each) => each.receiptNumber === receiptNumber)
    if (row === undefined) return { is: 'not_found' }
    if (row.kind === 'refund') return { is: 'a_refund' }
    id = row.id
  }
  const answer = await askWithLogin<Static<typeof Sale>>(node, Sale, { path: `/v1/sales/${id}` })
  if (!answer.ok) {
    if (answer.refusal.code === 'no_login') return { is: 'no_login' }
    const gone = answer.refusal.code === 'refused' && answer.refusal.why === 'not_found'
    return { is: gone ? 'not_found' : 'store_away' }
  }
  return { is: 'found', sale: { ...saleOf(answer.value), checked: 'with_store' } }
}

function saleOf(sale: Static<typeof Sale>): Omit<FoundSale, 'checked'> {
  const { id, receiptNumber, currency, lines, occurredAt, staffName, totalMinor, refunds } = sale
  const { tenders, change } = sale
  return {
    ...{ tenders, change },
    ...{ id, receiptNumber, currency, lines, occurredAt, staffName, totalMinor },
    // The schema says what ids are; core's brands say what they are of.
    refunds: refunds as FoundSale['refunds'],
  }
}

// Both may know of refunds that the other does not: ours that are not sent yet, and other tills'.
async function joinSale(
  node: TillNode,
  here: SaleDocument,
  there: FoundSale | undefined,
): Promise<FoundSale> {
  const ours = (await listRefunds(node.db, here.id)).map(({ id, body }) => ({ id, ...body }))
  const theirs = there?.refunds ?? []
  const known = new Set(theirs.map(({ id }) => id))
  const { lines, currency, totalMinor, tenders, change } = here.body
  return {
    ...{ tenders, change },
    ...{ id: here.id, receiptNumber: here.receiptNumber, occurredAt: here.occurredAt },
    ...{ staffName: here.staffName, lines, currency, totalMinor },
    refunds: [...theirs, ...ours.filter(({ id }) => !known.has(id))],
    checked: there === undefined ? 'here_only' : 'with_store',
  }
}

/**
 * The whole number of a receipt of which only the end was typed: `10007` is today's receipt 7 of till
 * 1. Anything else is taken as it is, in capitals.
 */
export function spellReceiptNumber(typed: string, businessDate: Day): string {
  const text = typed.trim().toUpperCase()
  if (!/^[0-9]{5,6}$/.test(text)) return text
  return `RCP-${businessDate.slice(2).replaceAll('-', '')}-${text.padStart(6, '0')}`
}
