import type { CatalogueProduct } from './product.ts'

// A plain scan: over 100,000 products it answers within a frame, needs no index to build or keep true, and
// finds what full text engines miss in a language without spaces.

/** A catalogue made ready for searching. Make it again when the catalogue changes. */
export type SearchIndex = {
  /** In the catalogue's order; `text` is the folded name, code, category and barcodes. */
  readonly entries: readonly { readonly product: CatalogueProduct; readonly text: string }[]
  /** By barcode or code, as a scanner reads them: active products go first. */
  readonly byCode: ReadonlyMap<string, CatalogueProduct>
}

/**
 * Folds what writers of Thai, Indonesian and English spell in several ways: case, accents, tone marks
 * (`นำปลา` finds `น้ำปลา`), and sara ae typed as two sara e. Both sides of a comparison are folded.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u0e47-\u0e4e]/g, '')
    .replace(/\u0e40\u0e40/g, '\u0e41')
}

/** Makes a catalogue ready for searching. Products are found in this order where they match alike. */
export function indexProducts(products: readonly CatalogueProduct[]): SearchIndex {
  const byCode = new Map<string, CatalogueProduct>()
  for (const product of products) {
    for (const code of [product.code, ...product.barcodes]) {
      const held = byCode.get(code)
      if (held === undefined || (product.active && !held.active)) byCode.set(code, product)
    }
  }
  const entries = products.map((product) => {
    const { name, code, category, barcodes } = product
    return { product, text: foldForSearch([name, code, category, ...barcodes].join('\n')) }
  })
  return { entries, byCode }
}

/** The product that bears this barcode or code exactly. */
export function findByCode(index: SearchIndex, code: string): CatalogueProduct | undefined {
  return index.byCode.get(code.trim())
}

/**
 * Finds active products that contain every word of `query`, at most `limit`. First those whose name
 * begins with the query, then with its first word, then those with that at the beginning of any word, then
 * the rest. An empty query finds the catalogue's beginning.
 */
export function searchProducts(
  index: SearchIndex,
  query: string,
  limit: number,
): CatalogueProduct[] {
  const whole = foldForSearch(query).trim()
  const words = whole.split(/\s+/)
  const first = whole.replace(/\s.*/, '')
  const ranks = {
    name: [] as CatalogueProduct[],
    beginning: [] as CatalogueProduct[],
    word: [] as CatalogueProduct[],
    inside: [] as CatalogueProduct[],
  }
  for (const { product, text } of index.entries) {
    if (product.active && words.every((word) => text.includes(word))) {
      ranks[rankOf(text, whole, first)].push(product)
    }
  }
  const { name, beginning, word, inside } = ranks
  return [...name, ...beginning, ...word, ...inside].slice(0, limit)
}

function rankOf(text: string, whole: string, first: string) {
  if (text.startsWith(whole)) return 'name'
  if (text.startsWith(first)) return 'beginning'
  return startsWord(text, first) ? 'word' : 'inside'
}

function startsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (/[^\p{L}\p{N}\p{M}]/u.test(text.charAt(at - 1))) return true
  }
  return false
}
