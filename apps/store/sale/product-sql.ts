import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/** Reads what lines are priced by, of the products that they name: one by one, see findPriorActs. */
export async function readProducts(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Product>> {
  const rows = await tx<Product[]>`
    SELECT found.id, found.code, found.name, found.currency, found.price_minor AS "priceMinor",
      found.vat_basis_points AS "vatBasisPoints", found.active
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, code, name, currency, price_minor, vat_basis_points, active
      FROM product
      WHERE org_id = ${org} AND id = asked.id
      OFFSET 0
    ) AS found
  `
  return new Map(rows.map((row) => [row.id, row]))
}
