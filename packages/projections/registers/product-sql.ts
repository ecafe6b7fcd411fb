import type { OrgId, ProductId } from '@tillkeeper/core/base/id.ts'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'

const columns = (sql: Reader) => sql`
  product.id, product.code, product.name, product.category, product.currency,
  product.price_minor AS "priceMinor", product.vat_basis_points AS "vatBasisPoints",
  product.barcodes, product.active
`

export type ListProducts = {
  /** Every word of it stands in the name, code, category or a barcode. */
  readonly q?: string | undefined
  /** A barcode, or the code, exactly as a scanner reads it. */
  readonly barcode?: string | undefined
  /** Only products that were edited since, by their author's clock in milliseconds. */
  readonly updatedSinceMs?: number | undefined
  /** The name and id of the last item of the page before. */
  readonly after?: readonly [name: string, id: string] | undefined
  readonly limit: number
}

// More words than this narrow nothing down; each is a condition.
const wordsMax = 8

/** The catalogue by name, a page at a time; products that are not sold any more are in it. */
export async function listProducts(
  sql: Reader,
  org: OrgId,
  { q = '', barcode, updatedSinceMs, after, limit }: ListProducts,
): Promise<Page<CatalogueProduct>> {
  const words = q.split(/\s+/).filter(Boolean).slice(0, wordsMax)
  const conditions = words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql`
      AND (name ILIKE ${pattern} OR code ILIKE ${pattern} OR category ILIKE ${pattern}
        OR array_to_string(barcodes, ' ') ILIKE ${pattern})
    `
  })
  const rows = await sql<CatalogueProduct[]>`
    SELECT ${columns(sql)}
    FROM product
    WHERE org_id = ${org}
      ${after === undefined ? sql`` : sql`AND (name, id) > (${after[0]}, ${after[1]}::uuid)`}
      ${barcode === undefined ? sql`` : sql`AND (code = ${barcode} OR barcodes @> ARRAY[${barcode}])`}
      ${updatedSinceMs === undefined ? sql`` : sql`AND ${editedSince(sql, updatedSinceMs)}`}
      ${conditions.length === 0 ? sql`` : conditions}
    ORDER BY name, id
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ name, id }) => [name, id])
}

// A clock reading begins with its milliseconds as 12 hexadecimal digits, so text order is time order.
const editedSince = (sql: Reader, ms: number) => sql`
  EXISTS (
    SELECT FROM register
    WHERE register.org_id = product.org_id AND register.kind = 'product'
      AND register.entity_id = product.id
      AND register.hlc >= ${Math.max(0, ms).toString(16).padStart(12, '0')}
  )
`

/**
 * Products by id, as a sale needs them; one that does not exist is left out. A look into the key for each:
 * the plan must not be that of an empty catalogue when ten thousand products have just come.
 */
export async function findProducts(
  sql: Reader,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CatalogueProduct>> {
  const rows = await sql<CatalogueProduct[]>`
    SELECT ${columns(sql)}
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, code, name, category, currency, price_minor, vat_basis_points, barcodes, active
      FROM product
      WHERE org_id = ${org} AND product.id = asked.id
      LIMIT 1
    ) AS product
  `
  return new Map(rows.map((product) => [product.id as ProductId, product]))
}
