import type { OrgId } from '@tillkeeper/core/base/id.ts'
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
