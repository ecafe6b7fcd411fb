import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Reader } from '../db.ts'
import { relayId } from './relay-id.ts'

export type OwnEdits = {
  /** Whose edits, as an author. */
  readonly author: string
  /** Where whoever asks holds its feeds: what a feed says up to there is known. */
  readonly feeds: readonly { readonly stream: string; readonly seq: number }[]
  /** As many of the newest are looked at. */
  readonly limit: number
}

type EditRow = { readonly id: string; readonly bytes: Uint8Array }

/**
 * Edits that an author made and that no feed has told yet to whoever asks, as the bytes that were sealed. Edits that
 * the end of a tombstone has silenced are not among them: the cloud relays those never.
 */
export async function listUntoldEdits(
  sql: Reader,
  org: OrgId,
  { author, feeds, limit }: OwnEdits,
): Promise<readonly Uint8Array[]> {
  const edits = await sql<EditRow[]>`
    SELECT journal.id, journal.bytes
    FROM stream JOIN journal
      ON journal.org_id = stream.org_id AND journal.stream = stream.stream
    WHERE stream.org_id = ${org} AND stream.kind = 'author'
      AND starts_with(stream.stream, ${`${author}:`}) AND journal.type LIKE '%.changed'
    ORDER BY journal.recorded_at DESC, journal.stream, journal.seq DESC
    LIMIT ${limit}
  `
  if (edits.length === 0) return []
  const told = await sql<{ id: string }[]>`
    SELECT relayed.id
    FROM fact_id AS relayed
    JOIN unnest(${feeds.map(({ stream }) => stream)}::text[], ${feeds.map(({ seq }) => seq)}::bigint[])
      AS held (stream, seq) ON held.stream = relayed.stream AND relayed.seq <= held.seq
    WHERE relayed.org_id = ${org} AND relayed.id = ANY(${edits.map(({ id }) => relayId(id))}::uuid[])
  `
  const known = new Set(told.map(({ id }) => id))
  const untold = edits.filter(({ id }) => !known.has(relayId(id)))
  const ended = await readEnded(sql, org, untold)
  return untold.filter((edit) => !isSilenced(edit, ended)).map(({ bytes }) => bytes)
}

async function readEnded(
  sql: Reader,
  org: OrgId,
  edits: readonly EditRow[],
): Promise<ReadonlyMap<string, string>> {
  const entities = edits.flatMap(({ bytes }) => entityOf(bytes)?.entityId ?? [])
  if (entities.length === 0) return new Map()
  const rows = await sql<{ name: string; hlc: string }[]>`
    SELECT kind || '/' || entity_id AS name, hlc FROM ended_tombstone
    WHERE org_id = ${org} AND entity_id = ANY(${entities}::uuid[])
  `
  return new Map(rows.map(({ name, hlc }) => [name, hlc]))
}

function isSilenced({ bytes }: EditRow, ended: ReadonlyMap<string, string>): boolean {
  const entity = entityOf(bytes)
  if (entity === undefined) return true // Its till could not read it either.
  const until = ended.get(`${entity.kind}/${entity.entityId}`)
  return until !== undefined && entity.hlc <= until
}

function entityOf(bytes: Uint8Array) {
  const read = readFact(bytes)
  if (read.kind !== 'known') return undefined
  const { type, body, hlc } = read.fact
  const kind = registerKindOf(type)
  if (kind === undefined || !('entityId' in body)) return undefined
  return { kind, entityId: body.entityId, hlc }
}
