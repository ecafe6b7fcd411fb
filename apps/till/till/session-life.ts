import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  type CountTill,
  type CountTillRefusal,
  decideCountTill,
} from '@tillkeeper/core/till/count-till.ts'
import { decideEndTill } from '@tillkeeper/core/till/end-till.ts'
import {
  decideHandOverTill,
  type HandOverTill,
  type HandOverTillRefusal,
} from '@tillkeeper/core/till/hand-over-till.ts'
import { noTotals } from '@tillkeeper/core/till/session-totals.ts'
import {
  decideResumeTill,
  decideSuspendTill,
  type ResumeTillRefusal,
} from '@tillkeeper/core/till/suspend-till.ts'
import type { SessionRefusal } from '@tillkeeper/core/till/till-session.ts'
import { getTillPlace, type TillNode } from '../app/node.ts'
import { type ActRefusal, recordAct } from '../app/record-act.ts'
import { worksAt } from '../catalogue/directory.ts'
import { changeHere, endHere, findHere, restHere, resumeHere } from '../journal/book-session.ts'
import { hearBeforeCount } from '../link/hear-store.ts'

// What happens to a session between its opening and its close: decided here as at the store server, sealed, and
// written with the book that follows from it.

const placeOf = ({ device }: TillNode) => ({ shopId: device.shopId, tillId: device.tillId })
type Id = { readonly id: string }

/** Gives the drawer to another person, on a count. Who takes it has signed by PIN: see `signIn`. */
export async function handOverTill(
  node: TillNode,
  { id, toStaffId, ...command }: Id & HandOverTill & { readonly toStaffId: StaffId },
): Promise<Outcome<Id, HandOverTillRefusal | ActRefusal>> {
  await hearBeforeCount(node)
  const recorded = await recordAct(node, 'till.close', () => {
    const { book, directory } = node.state.getState()
    const { session } = book
    const taker = directory.people.get(toStaffId)
    const toStaff = worksAt(taker, node.device.shopId) ? taker : undefined
    const totals = session?.totals ?? noTotals
    const decided = decideHandOverTill({ at: placeOf(node), session, totals, toStaff }, command)
    if (!decided.ok) return decided
    assert(session !== undefined, 'only an open session is handed over')
    return accepted({
      ...{ type: 'till.handed_over' as const, id, sessionId: session.id, body: decided.value },
      book: changeHere(book, session.id, (held) => ({ ...held, staffId: toStaffId })),
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Lets the session rest: this till is free, and the drawer can be carried to another one. */
export async function suspendTill(
  node: TillNode,
  { id }: Id,
): Promise<Outcome<Id, SessionRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.close', ({ person }) => {
    const { book } = node.state.getState()
    const { session } = book
    const decided = decideSuspendTill({ at: placeOf(node), session }, { staffId: person.id })
    if (!decided.ok) return decided
    const { sessionId } = decided.value
    return accepted({
      ...{ type: 'till.suspended' as const, id, sessionId, body: decided.value },
      book: restHere(book, sessionId),
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Goes on with a session that rests at this till. One of another till: see `takeSession`. */
export async function resumeTill(
  node: TillNode,
  { id, sessionId: asked }: Id & { readonly sessionId: string },
): Promise<Outcome<Id, ResumeTillRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.open', ({ person }) => {
    const { book } = node.state.getState()
    const session = findHere(book, asked)
    const decided = decideResumeTill(
      {
        ...{ at: placeOf(node), session, totals: session?.totals ?? noTotals },
        till: getTillPlace(node),
        openSessionId: book.session?.id,
      },
      { staffId: person.id },
    )
    if (!decided.ok) return decided
    assert(session !== undefined, 'only a session that is known here goes on')
    return accepted({
      ...{ type: 'till.resumed' as const, id, sessionId: session.id, body: decided.value },
      book: resumeHere(book, session, decided.value.tillId),
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Ends a forgotten session of this till without a count: it waits for one. */
export async function endTill(
  node: TillNode,
  { id, sessionId, reason }: Id & { readonly sessionId: string; readonly reason: string },
): Promise<Outcome<Id, SessionRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.end', ({ person }) => {
    const { book } = node.state.getState()
    const session = findHere(book, sessionId)
    const state = { at: placeOf(node), session }
    const decided = decideEndTill(state, { staffId: person.id, reason })
    if (!decided.ok) return decided
    return accepted({
      ...{ type: 'till.ended' as const, id, sessionId: sessionId as SessionId },
      ...{ body: decided.value, book: endHere(book, sessionId) },
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}

/** Records what somebody found in a drawer. It moves nothing, and tells nothing to who counted. */
export async function countTill(
  node: TillNode,
  {
    id,
    sessionId,
    staffId,
    ...command
  }: Id & {
    readonly sessionId: string
    /** Who counted, where it is not who works here: the second of two. */
    readonly staffId?: StaffId | undefined
  } & Omit<CountTill, 'staffId'>,
): Promise<Outcome<Id, CountTillRefusal | ActRefusal>> {
  const recorded = await recordAct(node, 'till.close', ({ person }) => {
    const { book } = node.state.getState()
    const session = findHere(book, sessionId)
    const decided = decideCountTill(
      {
        ...{ at: placeOf(node), session, totals: session?.totals ?? noTotals },
        recounts: session?.recounts ?? 0,
      },
      { ...command, staffId: staffId ?? person.id },
    )
    if (!decided.ok) return decided
    return accepted({
      ...{ type: 'till.counted' as const, id, sessionId: sessionId as SessionId },
      ...{ body: decided.value, book },
    })
  })
  return recorded.ok ? accepted({ id }) : recorded
}
