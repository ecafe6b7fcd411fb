import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { jsonParameter, type Reader } from '../db.ts'

// What nodes below this one say of themselves, and what of their streams is held here.

/** What a child said at a hello. */
export type ChildHello = {
  readonly author: string
  readonly shopId: ShopId
  readonly at: string
  readonly epoch: string
  readonly build: string
  readonly proto: number
  readonly clockOffsetMs: number
  readonly parked: number | undefined
  readonly oldestUnackedAt: string | undefined
  readonly reconciledAt: string | undefined
  /** The streams of which it holds more than we do, by the author of each: its own and its children's. */
  readonly behind: ReadonlyMap<string, readonly { readonly stream: string; readonly seq: number }[]>
}

/** Keeps what a child said, and what it told of the nodes below it. What those say themselves stays. */
export async function noteChildHello(sql: Reader, org: OrgId, hello: ChildHello): Promise<void> {
  const { author, shopId, at, epoch, build, proto, clockOffsetMs, behind } = hello
  const others = [...behind]
    .filter(([other]) => other !== author)
    .map(([other, streams]) => ({ author: other, behind: streams }))
  await sql`
    INSERT INTO child_health (org_id, author, shop_id, hello_at, epoch, build, proto,
      clock_offset_ms, parked, oldest_unacked_at, reconciled_at, behind)
    VALUES (${org}, ${author}, ${shopId}, ${at}, ${epoch}, ${build}, ${proto},
      ${clockOffsetMs}, ${hello.parked ?? null}, ${hello.oldestUnackedAt ?? null},
      ${hello.reconciledAt ?? null}, ${sql.json([...(behind.get(author) ?? [])])})
    ON CONFLICT (org_id, author) DO UPDATE
    SET shop_id = excluded.shop_id, hello_at = excluded.hello_at, epoch = excluded.epoch,
      build = excluded.build, proto = excluded.proto, clock_offset_ms = excluded.clock_offset_ms,
      parked = excluded.parked, oldest_unacked_at = excluded.oldest_unacked_at,
      reconciled_at = coalesce(excluded.reconciled_at, child_health.reconciled_at),
      behind = excluded.behind
  `
  if (others.length === 0) return
  await sql`
    INSERT INTO child_health (org_id, author, shop_id, behind)
    SELECT ${org}::uuid, author, ${shopId}::uuid, behind
    FROM jsonb_to_recordset(${jsonParameter(sql, others)}) AS told (author text, behind jsonb)
    ON CONFLICT (org_id, author) DO UPDATE
    SET behind = excluded.behind
    WHERE child_health.behind <> excluded.behind
  `
}

/** How an author stands here. */
export type AuthorHealth = {
  readonly author: string
  /** Facts of its streams that are held here. */
  readonly facts: number
  /** Facts that it, or who speaks for it, held at the last hello and we still do not. */
  readonly lagFacts: number
  readonly lastFactAt: string | null
  /** Its facts that are parked here. */
  readonly parkedHere: number
  readonly openIncidents: number
  readonly helloAt: string | null
  readonly epoch: string | null
  readonly build: string | null
  readonly proto: number | null
  readonly clockOffsetMs: number | null
  /** What it says of itself. */
  readonly parkedThere: number | null
  readonly oldestUnackedAt: string | null
  readonly reconciledAt: string | null
}

/** More authors than this are not told of at once: shops and tills of the largest chains. */
export const authorsMax = 10_000

/** How every author stands here that was ever heard of. */
export async function listAuthorHealth(sql: Reader, org: OrgId): Promise<readonly AuthorHealth[]> {
  return sql<AuthorHealth[]>`
    WITH held AS (
      SELECT split_part(stream.stream, ':', 1) AS author, sum(stream.head_seq)::bigint AS facts,
        max(last.recorded_at) AS last_fact_at
      FROM stream
      LEFT JOIN journal AS last
        ON last.org_id = stream.org_id AND last.stream = stream.stream AND last.seq = stream.head_seq
      WHERE stream.org_id = ${org} AND stream.kind = 'author'
      GROUP BY 1
    ), waiting AS (
      SELECT split_part(stream, ':', 1) AS author, count(*) AS facts
      FROM parked
      WHERE org_id = ${org}
      GROUP BY 1
    ), raised AS (
      SELECT node AS author, count(*) AS incidents
      FROM incident
      WHERE org_id = ${org} AND resolved_at IS NULL
      GROUP BY 1
    ), behind AS (
      SELECT child.author,
        sum(greatest(told.seq - coalesce(stream.head_seq, 0), 0))::bigint AS facts
      FROM child_health AS child
      CROSS JOIN LATERAL jsonb_to_recordset(child.behind) AS told (stream text, seq bigint)
      LEFT JOIN stream ON stream.org_id = ${org} AND stream.stream = told.stream
      WHERE child.org_id = ${org}
      GROUP BY 1
    )
    SELECT author, coalesce(held.facts, 0) AS facts, coalesce(behind.facts, 0) AS "lagFacts",
      held.last_fact_at AS "lastFactAt", coalesce(waiting.facts, 0) AS "parkedHere",
      coalesce(raised.incidents, 0) AS "openIncidents", child.hello_at AS "helloAt", child.epoch,
      child.build, child.proto, child.clock_offset_ms AS "clockOffsetMs",
      child.parked AS "parkedThere", child.oldest_unacked_at AS "oldestUnackedAt",
      child.reconciled_at AS "reconciledAt"
    FROM held
    FULL JOIN (
      SELECT author, hello_at, epoch, build, proto, clock_offset_ms, parked, oldest_unacked_at,
        reconciled_at
      FROM child_health
      WHERE org_id = ${org}
    ) AS child USING (author)
    LEFT JOIN waiting USING (author)
    LEFT JOIN raised USING (author)
    LEFT JOIN behind USING (author)
    ORDER BY author
    LIMIT ${authorsMax}
  `
}

/** When this server's data was last compared with its peer's and with itself. */
export async function readReconciledAt(sql: Reader, org: OrgId): Promise<string | null> {
  const [row] = await sql<{ at: string | null }[]>`
    SELECT max(finished_at) AS at FROM reconciliation WHERE org_id = ${org}
  `
  return row?.at ?? null
}

/** How many incidents stand open. */
export async function countOpenIncidents(sql: Reader, org: OrgId): Promise<number> {
  const [row] = await sql<{ incidents: number }[]>`
    SELECT count(*) AS incidents FROM incident WHERE org_id = ${org} AND resolved_at IS NULL
  `
  return row?.incidents ?? 0
}
