import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { denominationsOf, makeChange, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import {
  type CompleteSaleRefusal,
  decideCompleteSale,
  type SaleCompleted,
} from '@tillkeeper/core/sale/complete-sale.ts'
import {
  type AskedChange,
  type AskedTender,
  type SettleTerms,
  settleTenders,
} from '@tillkeeper/core/sale/settle-tenders.ts'
import { ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import { addSale } from '@tillkeeper/core/till/session-totals.ts'
import { getRates, getShop, getTillPlace, type TillNode } from '../app/node.ts'
import { type Acting, type ActRefusal, recordAct, rehearseAct } from '../app/record-act.ts'
import type { Place } from '../journal/journal.ts'
import { type Book, countReceipt } from '../journal/kept.ts'
import type { Basket, ByMachine } from '../machine/machine-record.ts'
import type { SaleDocument } from '../receipt/document.ts'
import { authorityOf } from '../till/hold-authority.ts'
import { type Cart, emptyCart, isSameCart } from './cart.ts'
import { askedLines } from './price-cart.ts'

export type CompleteSaleAsk = {
  /** Made when the pay panel opened: trying again never sells twice. */
  readonly id: string
  /** What the customer saw. Another total is refused: a price may have changed just now. */
  readonly totalMinor: Minor
  readonly tenders: readonly AskedTender[]
  /** Change that is wanted in a currency that was paid with. */
  readonly change?: readonly AskedChange[] | undefined
  /** Another person's word, where something is sold at another price. */
  readonly approval?: HeldApproval | undefined
}

/** A sale that a machine was asked for, or is: as it was rung up, whatever changed since. */
export type MachineSale = { readonly basket: Basket; readonly by?: ByMachine | undefined }

/** A sale that is on the disk of this till. */
export type MadeSale = { readonly document: SaleDocument; readonly place: Place }

/**
 * Sells what is in the cart: decided as everywhere, sealed, and written with the emptied cart, the
 * session's totals and the receipt counter, or not at all.
 */
export async function completeSale(
  node: TillNode,
  ask: CompleteSaleAsk,
  machine?: MachineSale,
): Promise<Outcome<MadeSale, CompleteSaleRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'sale.create', decideHere(node, ask, machine))
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}

/** Decides a sale without making it: whether anything would refuse it. */
export function rehearseSale(
  node: TillNode,
  ask: CompleteSaleAsk,
  basket: Basket,
): Outcome<SaleCompleted, CompleteSaleRefusal | ActRefusal> {
  const decided = rehearseAct(node, 'sale.create', decideHere(node, ask, { basket }))
  return decided.ok ? accepted(decided.value.body) : decided
}

/** What a sale is decided on now: the cart, and what its products cost. */
export function takeBasket(node: TillNode): Basket {
  const { cart, directory } = node.state.getState()
  const products = cart.lines.flatMap(({ productId }) => directory.byId.get(productId) ?? [])
  return {
    cart,
    products: new Map(products.map((product) => [product.id, product])),
    rates: getRates(node, new Date(node.nowMs()).toISOString()),
    rounding: getShop(node).cashRounding,
  }
}

function decideHere(node: TillNode, ask: CompleteSaleAsk, machine: MachineSale | undefined) {
  return (acting: Acting) => {
    const { person, occurredAt, businessDate } = acting
    const { book } = node.state.getState()
    const { cart, products, rates, rounding } = machine?.basket ?? takeBasket(node)
    const by = machine?.by
    const { session } = book
    const tillPlace = getTillPlace(node)
    const { currency } = getShop(node)
    const terms = { currency, rates, rounding, change: ask.change }
    const decided = decideCompleteSale(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        products,
        authority: authorityOf(acting, { ...ask, by }),
        receipt: {
          tillNumber: tillPlace.number,
          businessDate,
          lastCounter: book.counters[businessDate] ?? 0,
        },
        rates: terms.rates,
        rounding,
      },
      {
        staffId: person.id,
        currency,
        lines: askedLines(cart),
        tenders: ask.tenders,
        change: ask.change,
        changePieces: planChange(ask, terms),
        expectedTotalMinor: ask.totalMinor,
      },
    )
    if (!decided.ok) return decided
    if (session === undefined) return refused({ code: 'session_not_found' })
    const body: SaleCompleted = decided.value
    const document: SaleDocument = {
      kind: 'sale',
      id: ask.id,
      receiptNumber: body.receiptNumber,
      sessionId: body.sessionId,
      occurredAt,
      businessDate,
      staffName: person.name,
      tillNumber: tillPlace.number,
      body,
    }
    const counted = countReceipt(book, businessDate, body.receiptCounter)
    return accepted({
      type: 'sale.completed' as const,
      id: ask.id,
      sessionId: body.sessionId,
      body,
      book: {
        ...counted,
        session: { ...session, totals: addSale(session.totals, body) },
        sold: countSold(book, cart),
      },
      kept: {
        // Of a sale that was put aside, another one may be in the cart by now.
        ...(isSameCart(node.state.getState().cart, cart) && { cart: emptyCart }),
        ...(by !== undefined && { attempts: by.open() }),
      },
      documents: [document],
      document,
    })
  }
}

/**
 * The notes and coins that the till names for the change in the shop's currency; `undefined` where it gives
 * none, or where the currency cannot make it.
 */
function planChange(
  { totalMinor, tenders }: CompleteSaleAsk,
  terms: SettleTerms & { readonly currency: Currency },
): Pieces | undefined {
  const settled = settleTenders(totalMinor, tenders, terms)
  const own = settled.ok ? ownChangeMinor(settled.value) : 0
  return own === 0 ? undefined : makeChange(minor(own), denominationsOf(terms.currency))
}

/** Products whose sales are counted for the favourites. */
const soldMax = 500

function countSold(book: Book, cart: Cart): Book['sold'] {
  const sold = { ...book.sold }
  for (const { productId } of cart.lines) sold[productId] = (sold[productId] ?? 0) + 1
  const entries = Object.entries(sold)
  if (entries.length <= soldMax) return sold
  return Object.fromEntries(entries.sort(([, a], [, b]) => b - a).slice(0, soldMax))
}
