import type { OrgId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import { type RewoundDrawer, rewindDrawer } from '@tillkeeper/core/rewind/rewind-drawer.ts'
import type { Reader } from '../db.ts'
import {
  findActsBeside,
  findLeftCash,
  findRewoundSession,
  listDrawerLegs,
  listRewoundActs,
  type RewoundAct,
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

/** The drawer of a till as it was at an instant; undefined where nothing had happened there yet. */
export async function readRewind(
  sql: Reader,
  org: OrgId,
  asked: RewindAsked,
): Promise<Rewind | undefined> {
  const session = await findRewoundSession(sql, org, asked)
  if (session === undefined) return undefined
  const acts = await listRewoundActs(sql, org, session)
  const place = findPlace(acts, asked)
  const act = acts[place]
  if (act === undefined) return undefined
  const isOpening = act.kind === 'opened'
  const [legs, left, beside] = await Promise.all([
    isOpening ? [] : listDrawerLegs(sql, org, { session, at: act.at }),
    isOpening ? findLeftCash(sql, org, { tillId: session.tillId, before: session.openedAt }) : [],
    findActsBeside(sql, org, session),
  ])
  // Acts of the same instant that come after it have not happened yet.
  const later = new Set(acts.slice(place + 1).map(({ id }) => id))
  const until = legs.filter(({ factId }) => !later.has(factId))
  return {
    ...(isOpening
      ? betweenCounts(left, session.float)
      : rewindDrawer(session.float, until, act.id)),
    ...{ session, act },
    previous: acts[place - 1] ?? beside.previous,
    next: acts[place + 1] ?? beside.next,
    around: acts.slice(Math.max(0, place - aroundEachSide), place + aroundEachSide + 1),
  }
}

function findPlace(acts: readonly RewoundAct[], { at, actId }: RewindAsked): number {
  const named = acts.findIndex(({ id }) => id === actId)
  if (named >= 0) return named
  return acts.findLastIndex((act) => Date.parse(act.at) <= Date.parse(at))
}

/** Both sides of an opening are counts: what was left, and the float. */
function betweenCounts(left: readonly CashAmount[], float: readonly CashAmount[]): RewoundDrawer {
  const count = (cash: readonly CashAmount[]) => rewindDrawer(cash, [], '').after
  return { before: count(left), after: count(float) }
}
