import type {
  ExceptionView,
  Parked,
  SyncIncident,
} from '@tillkeeper/client/api/sync-health-shapes.ts'
import { isUuid } from '@tillkeeper/core/base/id.ts'
import { ApiProblem, faultOf } from '../api/problem.ts'
import { en, type OfficeKey } from '../messages/en.ts'

// What servers say in codes, in words: what it is, and what to do next.

type Words = { readonly text: OfficeKey; readonly next: OfficeKey }

/** Why a fact is parked, and what a person can do. */
export function describeReason(reason: Parked['reason']): Words {
  return { text: `park.${reason}`, next: `park.${reason}.next` }
}

const isKey = (key: string): key is OfficeKey => Object.hasOwn(en, key)

/** What kind of act a fact is; another program may know more kinds than this one. */
export function describeType(type: string): OfficeKey {
  const key = `fact.${type}`
  if (isKey(key)) return key
  return type.endsWith('.changed') ? 'fact.changed' : 'fact.other'
}

/** What was noticed, and what to do about it. */
export function describeIncident({ kind }: Pick<SyncIncident, 'kind'>): Words {
  const [text, next] = [`incident.${kind}`, `incident.${kind}.next`]
  if (isKey(text) && isKey(next)) return { text, next }
  return { text: 'incident.other', next: 'incident.other.next' }
}

/** What rule was broken, and what to do about it. */
export function describeException({ kind }: Pick<ExceptionView, 'kind'>): Words {
  const [text, next] = [`exception.${kind}`, `exception.${kind}.next`]
  if (isKey(text) && isKey(next)) return { text, next }
  return { text: 'exception.other', next: 'exception.other.next' }
}

/** The screens on which what an exception is about is settled, by the first word of its key. */
const screens = {
  bag: '/cash/deposits',
  statement_line: '/cash/deposits',
  safe: '/cash/safe',
  change_order: '/cash/change',
  fund: '/cash/funds',
  transfer: '/cash',
  movement: '/evening',
  expense: '/expenses',
  expenses: '/expenses',
} as const
export type Screen = (typeof screens)[keyof typeof screens]

/** The screen on which an exception that is no sale's and no session's is settled. */
export function findScreen({ keys }: Pick<ExceptionView, 'keys'>): Screen | undefined {
  for (const key of keys) {
    const [name = ''] = key.split(':')
    if (Object.hasOwn(screens, name)) return screens[name as keyof typeof screens]
  }
  return undefined
}

/** A thing with a page of its own. Of a cash machine also the work that it is about, where it is about one. */
export type Place =
  | { readonly kind: 'sale' | 'session'; readonly id: string }
  | { readonly kind: 'recycler'; readonly id: string; readonly attemptId?: string | undefined }

/** Where an exception can be looked at: the sale, the session or the cash machine that it is about. */
export function findPlace({ keys }: Pick<ExceptionView, 'keys'>): Place | undefined {
  const idOf = (kind: string) =>
    keys.map((key) => key.split(':')).find(([name, id = '']) => name === kind && isUuid(id))?.[1]
  const recyclerId = idOf('recycler')
  // A machine goes first: what is wrong with its work is settled there, also where a sale is part of it.
  if (recyclerId !== undefined) {
    return { kind: 'recycler', id: recyclerId, attemptId: idOf('attempt') }
  }
  for (const kind of ['sale', 'session'] as const) {
    const id = idOf(kind)
    if (id !== undefined) return { kind, id }
  }
  return undefined
}

/** Whether settling is what a person should do; some facts only need an update or patience. */
export function maySettle({ reason }: Pick<Parked, 'reason'>): boolean {
  return reason !== 'unknown_type' && reason !== 'behind'
}

const refused: Readonly<Record<string, OfficeKey>> = {
  fact_of_other_scope: 'settle.refused.scope',
  replacement_not_found: 'settle.refused.replacement',
  fact_not_parked: 'settle.refused.gone',
}

/** Why a fact was not settled: what happened, what is safe and what to do next, in one line. */
export function describeRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'settle.unreachable'
  if (!(error instanceof ApiProblem)) return 'settle.refused'
  return refused[error.code] ?? 'settle.refused'
}

/** The number on the paper of a sale or refund, where the fact still says it. */
export function receiptOf({ body }: Pick<Parked, 'body'>): string {
  if (typeof body !== 'object' || body === null || !('receiptNumber' in body)) return ''
  return typeof body.receiptNumber === 'string' ? body.receiptNumber : ''
}
