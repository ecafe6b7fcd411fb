import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { mergeClock } from '@tillkeeper/facts/seal/judge-clock.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import type { Reader, Tx } from '../db.ts'

/**
 * Moves this node's clock to the latest reading of facts that it has applied, once for all of them, and never
 * by one that was from the future when it came. The caller holds the organisation.
 */
export async function mergeNodeClock(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
  now?: string,
): Promise<void> {
  const byMoment = Map.groupBy(facts, ({ recordedAt }) => laterOf(recordedAt, now))
  let hlc = hlcZero
  for (const [moment, ofMoment] of byMoment) {
    hlc = mergeClock(
      hlc,
      ofMoment.map(({ fact }) => fact.hlc),
      Date.parse(moment),
    )
  }
  if (hlc === hlcZero) return
  await tx`
    INSERT INTO node_clock (org_id, hlc) VALUES (${org}, ${hlc})
    ON CONFLICT (org_id) DO UPDATE SET hlc = excluded.hlc WHERE node_clock.hlc < excluded.hlc
  `
}

/** This node's clock: the latest reading that it gave or took over. */
export async function readNodeClock(sql: Reader, org: OrgId): Promise<Hlc> {
  const [row] = await sql<{ hlc: Hlc }[]>`SELECT hlc FROM node_clock WHERE org_id = ${org}`
  return row?.hlc ?? hlcZero
}

/** A fact is judged by when it came, or by now where it is tried again later. */
export function laterOf(recordedAt: string, now: string | undefined): string {
  return now !== undefined && now > recordedAt ? now : recordedAt
}
