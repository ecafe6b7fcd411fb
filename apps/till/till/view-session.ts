import { minor } from '@tillkeeper/core/money/money.ts'
import type { SessionReport } from '@tillkeeper/core/receipt/receipt-view.ts'
import { expectedMinor } from '@tillkeeper/core/till/till-session.ts'
import { getShop, getTillPlace, may, type TillNode } from '../app/node.ts'
import type { ClosedSession, OpenSession } from '../journal/kept.ts'

/** A session as core writes its report. What the drawer should hold is only for who may see it. */
export function viewSession(
  node: TillNode,
  session: OpenSession | ClosedSession,
  kind: 'x' | 'z',
): SessionReport {
  const { people } = node.state.getState().directory
  const close = 'close' in session ? session.close : undefined
  return {
    kind,
    shop: getShop(node),
    tillNumber: getTillPlace(node).number,
    staffName: people.get(session.staffId)?.name ?? '',
    currency: session.currency,
    businessDate: session.businessDate,
    openedAt: session.openedAt,
    floatMinor: session.floatMinor,
    totals: session.totals,
    expectedMinor:
      close?.expectedMinor ??
      (may(node, 'till.expected') ? expectedMinor(session.floatMinor, session.totals) : null),
    opening: { varianceMinor: session.openingVarianceMinor ?? minor(0) },
    close:
      close === undefined
        ? null
        : {
            countedMinor: close.countedMinor,
            countedPieces: close.pieces ?? null,
            expectedMinor: close.expectedMinor,
            varianceMinor: close.varianceMinor,
            others: close.others,
            left: close.left,
            recounts: close.recounts,
            note: close.note,
            closedAt: close.closedAt,
          },
  }
}
