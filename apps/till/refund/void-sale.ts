import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { addRefund } from '@tillkeeper/core/till/session-totals.ts'
import { decideVoidSale, type VoidSaleRefusal } from '@tillkeeper/core/verify/void-sale.ts'
import { getShop, getTillPlace, type TillNode } from '../app/node.ts'
import {
  type AcceptedAct,
  type Acting,
  type ActRefusal,
  recordAct,
  rehearseAct,
} from '../app/record-act.ts'
import { countReceipt } from '../journal/kept.ts'
import type { ByMachine } from '../machine/machine-record.ts'
import { listRefunds, type RefundDocument, type SaleDocument } from '../receipt/document.ts'
import { authorityOf, holdsHere } from '../till/hold-authority.ts'
import type { MadeRefund } from './refund-sale.ts'

export type VoidSaleAsk = {
  readonly id: string
  readonly sale: SaleDocument
  readonly reason: string
  /** Another person's word: needed for the own sale, and by who may not void. */
  readonly approval?: HeldApproval | undefined
  /** The attempt of a cash recycler that gave back what one took. Left out: the drawer pays that. */
  readonly attemptId?: string | undefined
}

/** It is another day, another session, or something of it came back: then it is a refund, which is asked for as one. */
export type TooLate = { readonly code: 'void_too_late' }

type Voided = AcceptedAct & { readonly document: RefundDocument }

/** Takes a sale of this till back whole, on its day and in its session. */
export async function voidSale(
  node: TillNode,
  ask: VoidSaleAsk,
  by?: ByMachine,
): Promise<Outcome<MadeRefund, VoidSaleRefusal | TooLate | ActRefusal>> {
  const refunds = await refundsOf(node, ask)
  const recorded = await recordAct(node, 'sale.refund', decideHere(node, ask, { refunds, by }))
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}

/** Decides it without doing it: what goes back, or what would refuse it. */
export async function rehearseVoid(
  node: TillNode,
  ask: VoidSaleAsk,
): Promise<Outcome<RefundDocument['body'], VoidSaleRefusal | TooLate | ActRefusal>> {
  const refunds = await refundsOf(node, ask)
  const decided = rehearseAct(node, 'sale.refund', decideHere(node, ask, { refunds }))
  return decided.ok ? accepted(decided.value.document.body) : decided
}

async function refundsOf({ db }: TillNode, { sale }: VoidSaleAsk) {
  return (await listRefunds(db, sale.id)).map(({ body }) => body)
}

function decideHere(
  node: TillNode,
  { id, sale, reason, approval, attemptId }: VoidSaleAsk,
  {
    refunds,
    by,
  }: {
    readonly refunds: readonly RefundDocument['body'][]
    readonly by?: ByMachine | undefined
  },
) {
  const { body: sold, businessDate: soldOn } = sale
  return (acting: Acting): Outcome<Voided, VoidSaleRefusal | TooLate> => {
    const { person, occurredAt, businessDate } = acting
    const { book } = node.state.getState()
    const { session } = book
    const { number: tillNumber } = getTillPlace(node)
    const lastCounter = book.counters[businessDate] ?? 0
    const decided = decideVoidSale(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        drawer: (currency: Currency) => holdsHere(node, currency),
        sale: { ...sold, id: sale.id, businessDate: soldOn, refunds, paidBy: sold.tenders },
        receipt: { tillNumber, businessDate, lastCounter },
        rounding: getShop(node).cashRounding,
        authority: authorityOf(acting, { id, approval, by }),
      },
      { staffId: person.id, reason, attemptId },
    )
    if (!decided.ok) return decided
    const { type, body } = decided.value
    if (type !== 'sale.voided') return refused({ code: 'void_too_late' as const })
    assert(session !== undefined, 'a sale is voided in an open session')
    const document: RefundDocument = {
      ...{ kind: 'refund', voids: true, id, receiptNumber: body.receiptNumber },
      ...{ sessionId: body.sessionId, saleId: sale.id, saleReceiptNumber: sale.receiptNumber },
      ...{ occurredAt, businessDate, staffName: person.name, tillNumber, body },
    }
    const counted = countReceipt(book, businessDate, body.receiptCounter)
    return accepted({
      ...{ type, id, sessionId: body.sessionId, refs: [sale.id], body },
      book: { ...counted, session: { ...session, totals: addRefund(session.totals, body) } },
      ...(by !== undefined && { kept: { attempts: by.open() } }),
      documents: [document],
      document,
    })
  }
}
