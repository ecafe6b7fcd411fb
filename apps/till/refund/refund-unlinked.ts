import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import {
  decideRefundUnlinked,
  type RefundUnlinkedRefusal,
} from '@tillkeeper/core/refund/refund-unlinked.ts'
import { addRefund } from '@tillkeeper/core/till/session-totals.ts'
import { getCurrency, getShop, getTillPlace, type TillNode } from '../app/node.ts'
import { type Acting, type ActRefusal, recordAct, rehearseAct } from '../app/record-act.ts'
import { countReceipt } from '../journal/kept.ts'
import type { ByMachine } from '../machine/machine-record.ts'
import type { RefundDocument } from '../receipt/document.ts'
import { authorityOf, holdsHere } from '../till/hold-authority.ts'
import type { MadeRefund } from './refund-sale.ts'
import type { Returning } from './unlinked-state.ts'

export type RefundUnlinkedAsk = Pick<Returning, 'id' | 'lines' | 'method' | 'reason'> & {
  /** Another person's word, for who may not give back without a receipt alone. */
  readonly approval?: HeldApproval | undefined
  /** Of `machine`: the attempt that gave it. */
  readonly attemptId?: string | undefined
}

/** Takes goods back without the receipt of their sale, and pays for them. It needs no line. */
export async function refundUnlinked(
  node: TillNode,
  ask: RefundUnlinkedAsk,
  by?: ByMachine,
): Promise<Outcome<MadeRefund, RefundUnlinkedRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'sale.refund', decideHere(node, ask, by))
  if (!recorded.ok) return recorded
  const { act, place } = recorded.value
  return accepted({ document: act.document, place })
}

/** Decides it without doing it: what it comes to, or what would refuse it. */
export function rehearseUnlinked(
  node: TillNode,
  ask: RefundUnlinkedAsk,
): Outcome<SaleRefunded, RefundUnlinkedRefusal | ActRefusal> {
  const decided = rehearseAct(node, 'sale.refund', decideHere(node, ask))
  return decided.ok ? accepted(decided.value.body) : decided
}

function decideHere(node: TillNode, ask: RefundUnlinkedAsk, by?: ByMachine) {
  const { id, lines, method, attemptId, reason } = ask
  return (acting: Acting) => {
    const { person, occurredAt, businessDate } = acting
    const { book, directory } = node.state.getState()
    const { session } = book
    const { number: tillNumber } = getTillPlace(node)
    const decided = decideRefundUnlinked(
      {
        at: { shopId: node.device.shopId, tillId: node.device.tillId },
        session,
        drawer: (currency: Currency) => holdsHere(node, currency),
        products: directory.byId,
        receipt: { tillNumber, businessDate, lastCounter: book.counters[businessDate] ?? 0 },
        rounding: getShop(node).cashRounding,
        authority: authorityOf(acting, { ...ask, by }),
      },
      { staffId: person.id, currency: getCurrency(node), lines, method, attemptId, reason },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'a refund is made in an open session')
    const body = decided.value
    const document: RefundDocument = {
      ...{ kind: 'refund', id, receiptNumber: body.receiptNumber, sessionId: body.sessionId },
      ...{ occurredAt, businessDate, staffName: person.name, tillNumber, body },
    }
    const counted = countReceipt(book, businessDate, body.receiptCounter)
    return accepted({
      type: 'sale.refunded' as const,
      ...{ id, sessionId: body.sessionId, body },
      book: { ...counted, session: { ...session, totals: addRefund(session.totals, body) } },
      ...(by !== undefined && { kept: { attempts: by.open() } }),
      documents: [document],
      document,
    })
  }
}
