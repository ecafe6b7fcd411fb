import type { Authority, HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { DrawerHolds } from '@tillkeeper/core/drawer/check-holds.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { addFaces } from '@tillkeeper/core/till/session-totals.ts'
import { expectedOf } from '@tillkeeper/core/till/till-session.ts'
import type { TillNode } from '../app/node.ts'
import type { Acting } from '../app/record-act.ts'
import type { OpenSession } from '../journal/kept.ts'
import type { ByMachine } from '../machine/machine-record.ts'

/** By whose right an act of this till is done: who works here, and who lent their PIN to it. */
export function authorityOf(
  acting: Acting,
  {
    id,
    approval,
    by,
  }: {
    readonly id: string
    readonly approval?: HeldApproval | undefined
    readonly by?: ByMachine | undefined
  },
): Authority {
  // What a machine did was right when it was asked, whoever writes it down after it.
  const { permissions, limits, id: staffId } = by?.asker ?? acting.person
  return {
    actId: id,
    at: by?.askedAt ?? acting.occurredAt,
    actor: { permissions, limits, staffId },
    approval,
  }
}

/** What this till's drawer should hold of a currency; nothing where no session is open. */
export function holdsHere({ state }: Pick<TillNode, 'state'>, currency?: Currency): DrawerHolds {
  const { session } = state.getState().book
  if (session === undefined) return { amountMinor: minor(0) }
  const asked = currency ?? session.currency
  const expected = expectedOf(session, session.totals)
  const float = asked === session.currency ? session.floatPieces : undefined
  return { amountMinor: expected.get(asked) ?? minor(0), pieces: knownHere(session, asked, float) }
}

// As the store server knows a drawer: the float as it was counted, and what was named since.
function knownHere(
  { totals }: OpenSession,
  currency: Currency,
  float: Pieces | undefined = [],
): Pieces {
  const { faces = {} } = addFaces(totals, 1, { currency, pieces: float })
  return Object.entries(faces[currency] ?? {})
    .map(([face, pieces]) => ({ faceMinor: minor(Number(face)), pieces }))
    .filter(({ pieces }) => pieces > 0)
    .sort((a, b) => b.faceMinor - a.faceMinor)
}
