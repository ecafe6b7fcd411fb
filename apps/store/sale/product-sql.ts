import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/**
 * Reads what lines are priced by, of the products that they name. Each id is looked up by itself: before
 * the table's first statistics, the planner takes `id = ANY` for a walk through all of another index.
 */
export async function readProducts(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Product>> {
  const rows = await tx<Product[]>`
    SELECT product.id, product.code, product.name, product.currency,
      product.price_minor AS "priceMinor", product.vat_basis_points AS "vatBasisPoints",
      product.active
    FROM unnest(${ids}::uuid[]) AS asked (id)
    JOIN product ON product.org_id = ${org} AND product.id = asked.id
  `
  return new Map(rows.map((row) => [row.id, row]))
}
