import { randomUUID } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'
import { type MoneyPlace, sums } from './money-sql.ts'

/** A total that is not what its acts add up to. */
export type Drift = Pick<MoneyPlace, 'place' | 'detail'>

/**
 * Adds all totals and balances up anew from the acts and says which of those that are kept differ. It changes
 * nothing. `pause` is called between two of the sums, so that others come in between.
 */
export async function findDrift(
  sql: Reader,
  org: OrgId,
  pause: () => Promise<void> = async () => {},
): Promise<readonly Drift[]> {
  const found: Drift[] = []
  for (const query of sums) {
    await pause()
    const places = await query(sql, org, beginning)
    found.push(...places.map(({ place, detail }) => ({ place, detail })))
  }
  return found
}

const beginning = '0001-01-01'

/**
 * Raises the exception `totals_drift` for each place, with what differs; once, for as long as the same place
 * differs by the same. Nothing is mended by it.
 */
export async function raiseTotalsDrift(
  sql: Reader,
  org: OrgId,
  { found, at }: { readonly found: readonly Drift[]; readonly at: string },
): Promise<void> {
  for (const { place, detail } of found) {
    const subject = uuidIn.exec(place)?.[0] ?? null
    await sql`
      INSERT INTO totals_drift (org_id, id, shop_id, place, detail, found_at)
      SELECT ${org}, ${`${randomUUID()}/totals_drift`}, coalesce(
          (SELECT id FROM shop WHERE org_id = ${org} AND id = ${subject}),
          (SELECT shop_id FROM till WHERE org_id = ${org} AND id = ${subject}),
          (SELECT shop_id FROM till_session WHERE org_id = ${org} AND id = ${subject}),
          (SELECT shop_id FROM sale WHERE org_id = ${org} AND id = ${subject})
        ), ${place}, ${detail}, ${at}
      WHERE NOT EXISTS (
        SELECT FROM totals_drift
        WHERE org_id = ${org} AND place = ${place} AND detail = ${detail}
      )
    `
  }
}

const uuidIn = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
