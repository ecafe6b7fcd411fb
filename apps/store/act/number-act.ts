import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { officeSeries } from '@tillkeeper/core/sale/receipt-number.ts'
import { numberPaper, takesNumber } from '@tillkeeper/facts/catalogue/paper-number.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/**
 * Gives an act that leaves a paper the next number of its series: that of its till, or the shop's own where no till
 * took part, or one that counts its numbers itself and may be out of touch. The caller holds the node's stream, so
 * nobody takes the same.
 */
export async function numberAct(
  tx: Tx,
  { org, shopId }: { readonly org: OrgId; readonly shopId: ShopId },
  draft: FactDraft,
): Promise<FactDraft> {
  if (!takesNumber(draft.type, draft.body)) return draft
  const { businessDate } = draft
  const { tillId } = draft.body as { readonly tillId?: string }
  const [row] = await tx<{ number: number; lastCounter: number }[]>`
    WITH asked AS (
      SELECT till.id, till.number
      FROM till
      WHERE till.org_id = ${org} AND till.id = ${tillId ?? null}::uuid
        AND NOT EXISTS (
          SELECT FROM till_device AS device WHERE device.org_id = ${org} AND device.till_id = till.id
        )
    ), series AS (
      SELECT coalesce((SELECT id FROM asked), ${shopId}::uuid) AS id,
        coalesce((SELECT number FROM asked), ${officeSeries}) AS number
    )
    SELECT series.number, coalesce(counter.last, 0) AS "lastCounter"
    FROM series
    LEFT JOIN receipt_counter AS counter
      ON counter.org_id = ${org} AND counter.till_id = series.id
      AND counter.business_date = ${businessDate}
  `
  const { number = officeSeries, lastCounter = 0 } = row ?? {}
  return {
    ...draft,
    body: numberPaper(draft.body as object, { number, businessDate, lastCounter }),
  }
}
