import type {
  NodeHealth,
  ShopHealth,
  SyncHealth,
} from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { isUp, judgeNode, stuckAfterMs } from '@tillkeeper/core/sync-health/judge-node.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listUnacknowledged, type Waiting } from '@tillkeeper/projections/journal/cursor-sql.ts'
import type { ShopScope } from '@tillkeeper/projections/page/shop-scope.ts'
import { countParkedByReason } from '@tillkeeper/projections/parking/list-parked-sql.ts'
import {
  listShops,
  listTills,
  type Shop,
  type Till,
} from '@tillkeeper/projections/registers/shop-sql.ts'
import {
  type AuthorHealth,
  countOpenIncidents,
  listAuthorHealth,
  readReconciledAt,
} from '@tillkeeper/projections/sync-health/child-health-sql.ts'
import { protocolVersion } from '@tillkeeper/sync/version.ts'
import type { LinkStatus } from '../reads/sync-status-routes.ts'
import { storeAuthor, tillAuthor } from '../sync/child.ts'

export type HealthDeps = {
  readonly db: Db
  readonly now: () => Date
  readonly build: string
  /** The peer that facts travel up to; undefined in the cloud. */
  readonly parent: string | undefined
  readonly linkStatus: (org: OrgId) => LinkStatus
}

/** What is known of all nodes, before it is told of shops and tills. */
export type HealthState = {
  readonly nowMs: number
  readonly link: LinkStatus
  /** Whether this is the cloud: then facts have arrived that are here. */
  readonly isCloud: boolean
  readonly authors: ReadonlyMap<string, AuthorHealth>
  /** By author, the facts that the cloud does not have; empty in the cloud. */
  readonly waiting: ReadonlyMap<string, Waiting>
  readonly reconciledAt: string | null
}

/** How replication fares: of the shops that the asker may see, and their tills. */
export async function readHealth(
  { db, now, build, parent, linkStatus }: HealthDeps,
  org: OrgId,
  shops: ShopScope,
): Promise<SyncHealth> {
  const link = linkStatus(org)
  const [authors, waiting, parked, openIncidents, reconciledAt, places, tills] = await Promise.all([
    listAuthorHealth(db, org),
    parent === undefined ? [] : listUnacknowledged(db, org, parent),
    countParkedByReason(db, org),
    countOpenIncidents(db, org),
    readReconciledAt(db, org),
    listShops(db, org, { shops }),
    listTills(db, org, { shops }),
  ])
  const at = now()
  const state: HealthState = {
    nowMs: at.getTime(),
    link,
    isCloud: parent === undefined,
    authors: new Map(authors.map((author) => [author.author, author])),
    waiting: new Map(waiting.map((its) => [its.author, its])),
    reconciledAt,
  }
  // A store server knows of all shops, and speaks of its own: the one that has acted here.
  const here = state.isCloud
    ? places
    : places.filter(({ id }) => state.authors.has(storeAuthor(id)))
  return {
    at: at.toISOString(),
    program: state.isCloud ? 'cloud' : 'store',
    build,
    proto: protocolVersion,
    ...link,
    stuck: isStuck(link, waiting, at.getTime()),
    parked: parked.map((count) => ({ ...count })),
    openIncidents,
    reconciledAt,
    shops: here
      .filter(({ active, id }) => active || state.authors.has(storeAuthor(id)))
      .map((shop) =>
        shopHealth(
          state,
          shop,
          tills.filter(({ shopId }) => shopId === shop.id),
        ),
      ),
  }
}

/** Facts wait though the line is up: the queue does not move. */
export function isStuck(
  { linkUp }: LinkStatus,
  waiting: readonly Pick<Waiting, 'oldestAt'>[],
  nowMs: number,
): boolean {
  if (!linkUp) return false
  return waiting.some(
    ({ oldestAt }) => oldestAt !== null && nowMs - Date.parse(oldestAt) > stuckAfterMs,
  )
}

const severity = ['well', 'behind', 'away', 'attention', 'alarm'] as const

/** A shop with its server and tills; it fares as the worst of them does. */
export function shopHealth(
  state: HealthState,
  { id, code, name }: Pick<Shop, 'id' | 'code' | 'name'>,
  tills: readonly Till[],
): ShopHealth {
  const server = nodeHealth(state, storeAuthor(id), { isHere: !state.isCloud })
  const its = tills
    .map((till) => ({
      ...nodeHealth(state, tillAuthor(till.id), { isHere: false }),
      tillId: till.id,
      number: till.number,
      name: till.name,
    }))
    // A till that was set up and never used is no till that fails.
    .filter(({ heardAt, facts }) => heardAt !== null || facts > 0)
  const nodes = [server, ...its]
  const here = sum(nodes, ({ facts }) => facts)
  const lag = sum(nodes, ({ lagFacts }) => lagFacts)
  const worst = Math.max(...nodes.map((node) => severity.indexOf(node.state)))
  return {
    shopId: id,
    code,
    name,
    state: severity[worst] ?? 'well',
    facts: state.isCloud ? here + lag : here,
    arrived: state.isCloud ? here : here - sum(nodes, ({ unacknowledged }) => unacknowledged),
    server,
    tills: its,
  }
}

function nodeHealth(
  { nowMs, link, isCloud, authors, waiting, reconciledAt }: HealthState,
  author: string,
  { isHere }: { readonly isHere: boolean },
): NodeHealth {
  const known = authors.get(author)
  const unsent = waiting.get(author)
  const direct = isHere || known?.helloAt != null
  const heardAt = isHere ? link.lastContactAt : (known?.helloAt ?? known?.lastFactAt ?? null)
  // What is here has a parent above it; what is below has us.
  const lagFacts = isHere ? (unsent?.facts ?? 0) : (known?.lagFacts ?? 0)
  const oldestUnackedAt = isHere ? (unsent?.oldestAt ?? null) : (known?.oldestUnackedAt ?? null)
  const parkedHere = known?.parkedHere ?? 0
  const parkedThere = isHere ? null : (known?.parkedThere ?? null)
  const clockOffsetMs = known?.clockOffsetMs ?? null
  const openIncidents = known?.openIncidents ?? 0
  const linkUp = isHere ? link.linkUp : direct ? isUp(heardAt, nowMs) : null
  return {
    author,
    state: judgeNode(
      {
        heardAt: linkUp === true ? new Date(nowMs).toISOString() : null,
        direct,
        lagFacts,
        oldestUnackedAt,
        parked: parkedHere + (parkedThere ?? 0),
        clockOffsetMs,
        openIncidents,
      },
      nowMs,
    ),
    linkUp,
    heardAt,
    facts: known?.facts ?? 0,
    lagFacts,
    lagSeconds:
      lagFacts === 0 || oldestUnackedAt === null
        ? 0
        : Math.max(0, Math.round((nowMs - Date.parse(oldestUnackedAt)) / 1_000)),
    unacknowledged: isCloud ? 0 : (unsent?.facts ?? 0),
    oldestUnackedAt,
    parkedHere,
    parkedThere,
    clockOffsetMs,
    openIncidents,
    reconciledAt: isHere ? reconciledAt : (known?.reconciledAt ?? null),
    epoch: known?.epoch ?? null,
    build: known?.build ?? null,
    proto: known?.proto ?? null,
  }
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((all, item) => all + amount(item), 0)
}
