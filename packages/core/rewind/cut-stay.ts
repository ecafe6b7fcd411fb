import type { Instant } from '../base/instant.ts'

/** An act at a till, by its fact. */
export type RewoundAct = {
  readonly id: string
  /**
   * `opened`, `closed`, `sale`, `refund`, a kind of step or count, `moved_here` and `moved_away` of a drawer that
   * goes on at another till, `no_sale`, or the type of a transfer.
   */
  readonly kind: string
  readonly at: Instant
}

/** Kinds with which a session's drawer comes to a till. */
const beginnings: ReadonlySet<string> = new Set(['opened', 'resumed', 'moved_here'])

/**
 * One stay of a session's drawer at a till: from when it came there until another session's did. A session
 * that rests while another has the till, and goes on there, has two stays, and each has its own acts.
 */
export function cutStay(
  /** All acts of the session at this till, in their order. */
  acts: readonly RewoundAct[],
  {
    before,
    after,
    loose,
  }: {
    /** When another session's drawer came to this till last before it, and first after. */
    readonly before: Instant | undefined
    readonly after: Instant | undefined
    /** Acts at this till in no session, in their order. */
    readonly loose: readonly RewoundAct[]
  },
): readonly RewoundAct[] {
  const isLater = (at: Instant, than: Instant | undefined) =>
    than !== undefined && Date.parse(at) > Date.parse(than)
  const begins = acts.flatMap((act, index) => (beginnings.has(act.kind) ? [index] : []))
  const atOf = (index: number) => acts[index]?.at as Instant
  const starts = begins.filter((index) => before === undefined || isLater(atOf(index), before))
  const [start = 0] = starts
  const end = starts.find((index) => isLater(atOf(index), after)) ?? acts.length
  // An act that a till's clock puts before the session's first beginning there is of its first stay.
  const from = begins[0] === start ? 0 : start
  const own = acts
    .slice(from, end)
    // A drawer that rested elsewhere had left before: what its till was then is the other session's.
    .filter(({ kind, at }) => kind !== 'moved_away' || !isLater(at, after))
  const since = acts[start]?.at
  const between = loose.filter(
    ({ at }) =>
      since !== undefined &&
      Date.parse(at) >= Date.parse(since) &&
      (after === undefined || Date.parse(at) < Date.parse(after)),
  )
  return between.length === 0
    ? own
    : [...own, ...between].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
