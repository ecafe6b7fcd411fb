import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/** Reads what lines are priced by, of the products that they name. */
export async function readProducts(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Product>> {
  const rows = await tx<Product[]>`
    SELECT id, code, name, currency, price_minor AS "priceMinor",
      vat_basis_points AS "vatBasisPoints", active
    FROM product
    WHERE org_id = ${org} AND id = ANY (${ids}::uuid[])
  `
  return new Map(rows.map((row) => [row.id, row]))
}
