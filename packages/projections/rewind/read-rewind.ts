import type { OrgId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { cutStay, type RewoundAct } from '@tillkeeper/core/rewind/cut-stay.ts'
import {
  type RewoundDrawer,
  rewindCount,
  rewindDrawer,
} from '@tillkeeper/core/rewind/rewind-drawer.ts'
import type { Reader } from '../db.ts'
import {
  type Beginning,
  findBeginning,
  findBeginningsBeside,
  findLeftCash,
  getRewoundSession,
  listDrawerLegs,
  listLooseOpenings,
  listRewoundActs,
  type RewoundSession,
} from './rewind-sql.ts'

/** A till's drawer at an instant: whose it was, the act that made it so, and those beside it. */
export type Rewind = RewoundDrawer & {
  readonly session: RewoundSession
  readonly act: RewoundAct
  readonly previous: RewoundAct | null
  readonly next: RewoundAct | null
  /** The acts around, oldest first, with the one itself. */
  readonly around: readonly RewoundAct[]
}

export type RewindAsked = {
  readonly tillId: TillId
  readonly at: Instant
  /** Of acts of one instant this one; else the last. */
  readonly actId?: string | undefined
}

/** So many acts are listed on each side. */
const aroundEachSide = 3

/**
 * The drawer of a till as it was at an instant; undefined where nothing had happened there yet. Its acts are
 * those that touched it there: of a session that goes on at another till, those up to when its drawer left.
 */
export async function readRewind(
  sql: Reader,
  org: OrgId,
  asked: RewindAsked,
): Promise<Rewind | undefined> {
  const stay = await findStay(sql, org, asked)
  if (stay === undefined) return undefined
  const { session, acts } = stay
  const place = findPlace(acts, asked)
  const act = acts[place]
  if (act === undefined) return undefined
  const previous = acts[place - 1] ?? (await findLastAct(sql, org, stay))
  return {
    ...(await readDrawer(sql, org, { session, act, previous, later: acts.slice(place + 1) })),
    ...{ session, act, previous },
    next: acts[place + 1] ?? (stay.after === undefined ? null : actOf(stay.after)),
    around: acts.slice(Math.max(0, place - aroundEachSide), place + aroundEachSide + 1),
  }
}

/** One stay of a session's drawer at a till, and whose came there before and after. */
type Stay = {
  readonly session: RewoundSession
  readonly acts: readonly RewoundAct[]
  readonly before: Beginning | undefined
  readonly after: Beginning | undefined
}

async function findStay(sql: Reader, org: OrgId, asked: RewindAsked): Promise<Stay | undefined> {
  const begun = await findBeginning(sql, org, asked)
  if (begun === undefined) return undefined
  const stay = await readStay(sql, org, asked, begun)
  const isNamed = ({ acts }: Stay) => acts.some(({ id }) => id === asked.actId)
  if (asked.actId === undefined || stay.before === undefined || isNamed(stay)) return stay
  // The last act of a session may be of the instant at which the next began.
  const earlier = await readStay(sql, org, asked, stay.before)
  return isNamed(earlier) ? earlier : stay
}

async function readStay(
  sql: Reader,
  org: OrgId,
  { tillId, at }: RewindAsked,
  begun: Beginning,
): Promise<Stay> {
  const { sessionId } = begun
  const [session, { before, after }] = await Promise.all([
    getRewoundSession(sql, org, { tillId, at, sessionId }),
    findBeginningsBeside(sql, org, { ...begun, tillId }),
  ])
  const [acts, loose] = await Promise.all([
    listRewoundActs(sql, org, session),
    listLooseOpenings(sql, org, session, after?.at),
  ])
  const cut = cutStay(acts, { before: before?.at, after: after?.at, loose })
  return { session, acts: cut, before, after }
}

const actOf = ({ id, kind, at }: Beginning): RewoundAct => ({ id, kind, at })

async function findLastAct(
  sql: Reader,
  org: OrgId,
  { session: { tillId }, before }: Stay,
): Promise<RewoundAct | null> {
  if (before === undefined) return null
  const { acts } = await readStay(sql, org, { tillId, at: before.at }, before)
  return acts.at(-1) ?? null
}

function findPlace(acts: readonly RewoundAct[], { at, actId }: RewindAsked): number {
  const named = acts.findIndex(({ id }) => id === actId)
  if (named >= 0) return named
  return acts.findLastIndex((act) => Date.parse(act.at) <= Date.parse(at))
}

/** The cash before and after an act. */
async function readDrawer(
  sql: Reader,
  org: OrgId,
  {
    session,
    act,
    previous,
    later,
  }: Pick<Rewind, 'session' | 'act' | 'previous'> & { readonly later: readonly RewoundAct[] },
): Promise<RewoundDrawer> {
  const { tillId, counted } = session
  const { kind, at, id: actId } = act
  // Another session's cash is not this one's: what a close left is counted again, or lies beside.
  const left =
    kind === 'opened' || (kind === 'moved_here' && previous?.kind === 'closed')
      ? rewindCount(await findLeftCash(sql, org, { tillId, before: at }))
      : []
  // Both sides of an opening are counts.
  if (kind === 'opened') return { before: left, after: rewindCount(counted.cash) }
  // Acts of the same instant that come after it have not happened yet.
  const notYet = new Set(later.map(({ id }) => id))
  const legs = (await listDrawerLegs(sql, org, { session, at })).filter(
    ({ factId }) => !notYet.has(factId),
  )
  const { before, after } = rewindDrawer({ tillId, counted, legs, actId })
  return { before: left.length === 0 ? before : left, after }
}
