import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf, type Day, type Instant } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { numberPaper, takesNumber } from '@tillkeeper/facts/catalogue/paper-number.ts'
import type { Person } from '../catalogue/directory.ts'
import { type FollowedFact, followDrawer } from '../hint/follow-drawer.ts'
import type { Alongside, Place } from '../journal/journal.ts'
import { type Book, countReceipt, type KeptChange } from '../journal/kept.ts'
import { waitForAck } from '../journal/outbox.ts'
import type { MovementDocument } from '../receipt/document.ts'
import { findWorker, getShop, getTillPlace, may, type TillNode } from './node.ts'

/** How long a person waits for the store server's word: then the receipt says *offline*. */
export const ackWaitMs = 1_500

/** Why an act of this till was not done, besides the reasons of its own decision. */
export type ActRefusal =
  /** Nobody works here now, or the person may not do this. */
  | { readonly code: 'forbidden'; readonly permission: Permission }
  /** The browser could not write it (a full disk, say). Nothing happened. */
  | { readonly code: 'not_saved' }

/** Who acts and when, fixed before the decision. */
export type Acting = {
  readonly person: Person
  readonly occurredAt: Instant
  readonly businessDate: Day
}

/** What a decision accepted, ready to be sealed. */
export type AcceptedAct = {
  readonly type: Extract<
    FactType,
    `${'sale' | 'till' | 'cash' | 'expense' | 'drawer' | 'fund' | 'receipt'}.${string}`
  >
  readonly id: string
  /** Undefined where no drawer took part. */
  readonly sessionId: SessionId | undefined
  /** What else it is about, such as `expense:<id>`. */
  readonly keys?: readonly string[]
  readonly refs?: readonly string[]
  readonly body: unknown
  /** The book with this act in it. */
  readonly book: Book
  readonly kept?: Omit<KeptChange, 'book'>
  readonly documents?: Alongside['documents']
}

/**
 * Does one act of this till: alone, it is decided on what was written before, sealed and written with
 * everything that follows from it. It comes back once the disk has it; whether the store server has it
 * is `hearAck`'s to tell.
 */
export function recordAct<T extends AcceptedAct, Refusal extends { readonly code: string }>(
  node: TillNode,
  permission: Permission,
  decide: (acting: Acting) => Outcome<T, Refusal>,
): Promise<Outcome<{ readonly act: T; readonly place: Place }, Refusal | ActRefusal>> {
  return node.turns(async () => {
    const shop = getShop(node)
    const acting = actNow(node, permission)
    if (!acting.ok) return acting
    const { person, occurredAt, businessDate } = acting.value
    const decided = decide(acting.value)
    if (!decided.ok) return decided
    const act = withPaper(node, decided.value, { person, occurredAt, businessDate })
    const draft = {
      id: act.id,
      type: act.type,
      v: catalogue[act.type].v,
      scope: `shop:${shop.id}`,
      actor: `staff:${person.id}`,
      occurredAt,
      businessDate,
      keys: [
        ...(act.keys ?? []),
        ...(act.sessionId === undefined ? [] : [`session:${act.sessionId}`]),
      ],
      refs: act.refs ?? [],
      body: act.body,
    }
    // A draft is a fact before it is sealed.
    const book = followDrawer(act.book, draft as FollowedFact)
    const kept: KeptChange = { ...act.kept, book }
    let places: readonly Place[]
    try {
      places = await node.journal.record([draft], { kept, documents: act.documents ?? [] })
    } catch {
      // The transaction was aborted, whatever the reason: nothing was written, and memory is as before.
      return refused({ code: 'not_saved' })
    }
    const [place] = places
    assert(place !== undefined, 'one draft has one place')
    const { cart, held, attempts } = act.kept ?? {}
    const open = new Set(attempts?.map(({ attemptId }) => attemptId))
    node.state.setState((state) => ({
      book,
      ...(cart !== undefined && { cart }),
      ...(held !== undefined && { held }),
      ...(attempts !== undefined && {
        attempts: state.attempts.filter(({ record }) => open.has(record.attemptId)),
      }),
      sent: node.outbox.sent(),
    }))
    sendNow(node)
    return accepted({ act, place })
  })
}

/**
 * Decides an act without doing it: what would refuse it is known before a machine moves money for it. What was
 * decided is of no use later.
 */
export function rehearseAct<T, Refusal extends { readonly code: string }>(
  node: TillNode,
  permission: Permission,
  decide: (acting: Acting) => Outcome<T, Refusal>,
): Outcome<T, Refusal | ActRefusal> {
  const acting = actNow(node, permission)
  return acting.ok ? decide(acting.value) : acting
}

function actNow(
  node: TillNode,
  permission: Permission,
): Outcome<Acting, Extract<ActRefusal, { code: 'forbidden' }>> {
  const person = findWorker(node)
  if (person === undefined || !may(node, permission)) {
    return refused({ code: 'forbidden', permission })
  }
  const occurredAt = new Date(node.nowMs()).toISOString()
  const businessDate = businessDateOf(occurredAt, getShop(node).timeZone)
  return accepted({ person, occurredAt, businessDate })
}

/**
 * An act that leaves a paper takes the next number of this till's day, as a sale does, and the paper is kept to be
 * looked at and printed. Sales and refunds have taken theirs in their decision.
 */
function withPaper<T extends AcceptedAct>(
  node: TillNode,
  act: T,
  { person, occurredAt, businessDate }: Acting,
): T {
  if (!takesNumber(act.type, act.body)) return act
  const { number } = getTillPlace(node)
  const lastCounter = act.book.counters[businessDate] ?? 0
  const body = numberPaper(act.body as object, { number, businessDate, lastCounter })
  const document: MovementDocument = {
    ...{ kind: 'movement', id: act.id, receiptNumber: body.receiptNumber, type: act.type },
    ...{ sessionId: act.sessionId ?? '', occurredAt, businessDate },
    ...{ staffName: person.name, tillNumber: number, body },
  }
  const book = countReceipt(act.book, businessDate, body.receiptCounter)
  return { ...act, body, book, documents: [...(act.documents ?? []), document] }
}

/** Waits a bounded moment for the store server's word on a fact. */
export function hearAck(node: TillNode, place: Place): Promise<'acknowledged' | 'not_yet'> {
  return waitForAck(node.outbox, place, { maxMs: ackWaitMs, after: waitMs })
}

// A wait after a failure is cut short: the line may be back, and a person waits for the answer.
function sendNow({ link }: TillNode): void {
  if (link.state().at === 'backoff') link.start()
  link.wake()
}

/** Calls back once after so many milliseconds, unless it is cancelled. */
export function waitMs(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}
