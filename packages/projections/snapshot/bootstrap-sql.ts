import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { jsonParameter, type Reader } from '../db.ts'

// How a server's first load stands. It outlives the process: a load that was cut off goes on.

export type BootstrapRow = {
  /** What is being loaded, as the parent said it; null until it is known. */
  readonly manifest: unknown
  /** Every fetched chain leads to the head that the manifest names. */
  readonly verified: boolean
  readonly finishedAt: string | null
}

/**
 * How the first load stands; it is begun where nothing is known of one and no feed was ever received: a
 * new server, or one whose database was lost. `undefined` where there is nothing to load.
 */
export async function beginBootstrap(
  sql: Reader,
  org: OrgId,
  at: string,
): Promise<BootstrapRow | undefined> {
  await sql`
    INSERT INTO bootstrap (org_id, begun_at)
    SELECT ${org}::uuid, ${at}::timestamptz
    WHERE NOT EXISTS (
      SELECT FROM stream WHERE org_id = ${org} AND kind = 'feed' AND head_seq > 0
    )
    ON CONFLICT (org_id) DO NOTHING
  `
  const [row] = await sql<BootstrapRow[]>`
    SELECT manifest, verified, finished_at AS "finishedAt" FROM bootstrap WHERE org_id = ${org}
  `
  return row
}

/** Takes note of what will be loaded, or by null that it has to be asked for again. */
export async function noteManifest(sql: Reader, org: OrgId, manifest: unknown): Promise<void> {
  await sql`
    UPDATE bootstrap
    SET manifest = ${manifest === null ? null : jsonParameter(sql, manifest)}, verified = false
    WHERE org_id = ${org}
  `
}

/** Takes note that every chain was followed to its head. */
export async function noteVerified(sql: Reader, org: OrgId): Promise<void> {
  await sql`UPDATE bootstrap SET verified = true WHERE org_id = ${org}`
}

/** Ends the first load: the server is whole. */
export async function finishBootstrap(sql: Reader, org: OrgId, at: string): Promise<void> {
  await sql`
    UPDATE bootstrap SET finished_at = ${at}, manifest = NULL WHERE org_id = ${org}
  `
}
