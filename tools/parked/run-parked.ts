import { createHash, randomBytes } from 'node:crypto'
import { type OrgId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { type ParkReason, parkReasons } from '@tillkeeper/core/parking/resolve-fact.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { resolveParked } from '@tillkeeper/http/sync-health/resolve-parked.ts'
import {
  listOpenIncidents,
  type OpenIncident,
} from '@tillkeeper/projections/journal/incident-sql.ts'
import { listOrgsWithParked } from '@tillkeeper/projections/journal/parked-sql.ts'
import {
  type Author,
  feedAuthor,
  nodeAuthor,
} from '@tillkeeper/projections/journal/record-facts.ts'
import { listParkedPage, type ParkedItem } from '@tillkeeper/projections/parking/list-parked-sql.ts'
import { type RetryOf, retryParked } from '@tillkeeper/projections/parking/retry-parked.ts'
import type { OpenDatabase } from '../database/open-databases.ts'

// What `npm run parked` does to the databases that it was given.

/** A parked fact of a database, for a person or a script to read. */
export type ListedFact = Omit<ParkedItem, 'bytes' | 'keys'> & {
  readonly database: string
  readonly org: OrgId
  readonly actor: string
  readonly occurredAt: string
}

/** As many are listed of one organisation in one database. */
export const listedMax = 1_000

/** The parked facts of all databases, the oldest of each first. */
export async function listParkedFacts(
  databases: readonly OpenDatabase[],
): Promise<readonly ListedFact[]> {
  const listed: ListedFact[] = []
  for (const { name: database, db } of databases) {
    for (const org of await listOrgsWithParked(db)) {
      const { items } = await listParkedPage(db, org, { shops: 'all', limit: listedMax })
      for (const { bytes, keys: _, ...item } of items) {
        const read = readFact(bytes)
        if (read.kind === 'refused') continue
        const { actor, occurredAt } = read.fact
        listed.push({ ...item, database, org, actor, occurredAt })
      }
    }
  }
  return listed
}

/** The incidents that stand open in all databases. */
export async function listIncidentsOf(
  databases: readonly OpenDatabase[],
): Promise<readonly (OpenIncident & { readonly database: string })[]> {
  const listed = await Promise.all(
    databases.map(async ({ name: database, db }) =>
      (await listOpenIncidents(db)).map((incident) => ({ ...incident, database })),
    ),
  )
  return listed.flat()
}

export type RetriedFacts = {
  readonly database: string
  readonly applied: number
  readonly parked: number
}

/** Tries parked facts again, in every database that has some. */
export async function retryFacts(
  databases: readonly OpenDatabase[],
  of: RetryOf,
): Promise<readonly RetriedFacts[]> {
  const done: RetriedFacts[] = []
  for (const { name: database, db } of databases) {
    for (const org of await listOrgsWithParked(db)) {
      const { applied, parked } = await retryParked(db, org, { of })
      done.push({ database, applied, parked })
    }
  }
  return done
}

export type ResolvedFact =
  | { readonly ok: true; readonly database: string; readonly id: string; readonly released: number }
  | { readonly ok: false; readonly code: string }

/**
 * Settles a parked fact: in the cloud where it is parked there, since every shop hears the cloud, and else
 * in the shop. The fact that says so names the operator.
 */
export async function resolveFact(
  databases: readonly OpenDatabase[],
  command: {
    readonly factId: string
    readonly note: string
    readonly replacementId?: string | undefined
  },
): Promise<ResolvedFact> {
  for (const { name: database, db, author } of await findHolders(databases, command.factId)) {
    if (author === undefined) continue
    const id = uuidv7(Date.now(), randomBytes(10))
    const how = command.replacementId === undefined ? 'skipped' : 'replaced'
    const outcome = await resolveParked(
      { db, now: () => new Date(), authorOf: () => author, onSettled: () => undefined },
      {
        org: author.org,
        actor: 'admin:admin',
        shops: 'all',
        identified: { id, by: 'id', fingerprint: createHash('sha256').update(id).digest() },
      },
      { ...command, how },
    )
    if (!outcome.ok) return { ok: false, code: outcome.refusal.code }
    return { ok: true, database, ...outcome.value }
  }
  return { ok: false, code: 'fact_not_parked' }
}

type Holder = OpenDatabase & { readonly author: Author | undefined; readonly isCloud: boolean }

/** The databases in which a fact is parked, the cloud's first, and who seals there. */
async function findHolders(
  databases: readonly OpenDatabase[],
  factId: string,
): Promise<readonly Holder[]> {
  const holders: Holder[] = []
  for (const database of databases) {
    const { db } = database
    const [parked] = await db<{ org: OrgId }[]>`
      SELECT org_id AS org FROM parked WHERE fact_id = ${factId}
    `
    if (parked === undefined) continue
    const [cloud] = await db<{ is: boolean }[]>`
      SELECT to_regclass('cloud_schema_version') IS NOT NULL AS is
    `
    const isCloud = cloud?.is === true
    const author = await findAuthor(database, parked.org, isCloud)
    holders.push({ ...database, author, isCloud })
  }
  return holders.sort((a, b) => Number(b.isCloud) - Number(a.isCloud))
}

/** Who seals in a database: the cloud in the chain's newest feed, a store server in its newest stream. */
async function findAuthor(
  { db }: OpenDatabase,
  org: OrgId,
  isCloud: boolean,
): Promise<Author | undefined> {
  const begins = isCloud ? 'feed/org@' : 's-'
  const rows = await db<{ stream: StreamId }[]>`
    SELECT stream FROM stream
    WHERE org_id = ${org} AND starts_with(stream, ${begins}) AND trust = 'ok' AND NOT sealed
    ORDER BY stream
  `
  const names = rows.flatMap(({ stream }) => parseStreamId(stream) ?? [])
  const newest = names
    .filter((name) => name.kind === 'feed' || name.lane === 'business')
    .sort((a, b) => compareEpochs(b.epoch, a.epoch))[0]
  if (newest === undefined) return undefined
  return newest.kind === 'feed'
    ? feedAuthor(org, newest.scope, Number(newest.epoch))
    : nodeAuthor(org, newest.author, newest.epoch)
}

function compareEpochs(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}

/** Reads `--reason`; undefined for a word that is no reason. */
export function readReason(text: string): ParkReason | undefined {
  return parkReasons.find((reason) => reason === text)
}
