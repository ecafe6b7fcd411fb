import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { findByCode, searchProducts } from '@tillkeeper/core/catalogue/search-products.ts'
import type { Directory } from '../catalogue/directory.ts'
import { allProducts, oftenSold } from './sale-state.ts'

/** Results of a search: nobody reads further, they type another letter. */
export const resultsMax = 200
/** Favourites: about four rows. */
const oftenMax = 24

/** The products that stand beside the cart: a search's, else a category's. */
export function listProducts(
  directory: Directory,
  shown: {
    readonly text: string
    readonly category: string
    readonly sold: Readonly<Record<string, number>>
  },
): readonly CatalogueProduct[] {
  const { products, listed, byId } = directory
  const text = shown.text.trim()
  if (text !== '') return searchProducts(products, text, resultsMax)
  if (shown.category === oftenSold) {
    return Object.entries(shown.sold)
      .sort(([, a], [, b]) => b - a)
      .flatMap(([id]) => byId.get(id) ?? [])
      .filter(({ active }) => active)
      .slice(0, oftenMax)
  }
  if (shown.category === allProducts) return listed
  return listed.filter(({ category }) => category === shown.category)
}

/** The product with exactly this code or barcode, if it is sold. A UPC-A is an EAN-13 with a zero. */
export function findScanned(directory: Directory, text: string): CatalogueProduct | undefined {
  const spellings = [text]
  if (/^[0-9]{12}$/.test(text)) spellings.push(`0${text}`)
  if (/^0[0-9]{12}$/.test(text)) spellings.push(text.slice(1))
  for (const spelling of spellings) {
    const found = findByCode(directory.products, spelling)
    if (found?.active === true) return found
  }
  return undefined
}
