import type { CatalogueProduct } from './product.ts'

// A plain scan: over 100,000 products it answers within a frame, needs no index to build or keep true, and
// finds what full text engines miss in a language without spaces.

/** A catalogue made ready for searching. Make it again when the catalogue changes. */
export type SearchIndex = {
  readonly products: readonly CatalogueProduct[]
  /** Folded name, code, category and barcodes of each product, in the order of `products`. */
  readonly texts: readonly string[]
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
  const texts = products.map(({ name, code, category, barcodes }) =>
    foldForSearch([name, code, category, ...barcodes].join('\n')),
  )
  return { products, texts, byCode }
}

/** The product that bears this barcode or code exactly. */
export function findByCode(index: SearchIndex, code: string): CatalogueProduct | undefined {
  return index.byCode.get(code.trim())
}

/**
 * Finds active products that contain every word of `query`, at most `limit`. First those whose name
 * begins with the query, then those with its first word at the beginning of a word, then the rest. An
 * empty query finds the catalogue's beginning.
 */
export function searchProducts(
  index: SearchIndex,
  query: string,
  limit: number,
): CatalogueProduct[] {
  const whole = foldForSearch(query).trim()
  const words = whole.split(/\s+/)
  const ranks: CatalogueProduct[][] = [[], [], []]
  for (const [at, product] of index.products.entries()) {
    const text = index.texts[at] ?? ''
    if (product.active && words.every((word) => text.includes(word))) {
      ranks[rankOf(text, whole, words[0] ?? '')]?.push(product)
    }
  }
  return ranks.flat().slice(0, limit)
}

function rankOf(text: string, whole: string, first: string): 0 | 1 | 2 {
  if (text.startsWith(whole)) return 0
  return startsWord(text, first) ? 1 : 2
}

function startsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}\p{M}]/u.test(text.charAt(at - 1))) return true
  }
  return false
}
