import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { indexProducts } from '@tillkeeper/core/catalogue/search-products.ts'
import { expect, test } from 'vitest'
import { emptyDirectory } from '../catalogue/directory.ts'
import { findScanned, listProducts, resultsMax } from './list-products.ts'
import { allProducts, oftenSold } from './sale-state.ts'

function directoryOf(rows: readonly Partial<CatalogueProduct>[]) {
  const products = rows.map(
    (row, index) =>
      ({
        ...{ id: `p${index}`, code: `C${index}`, name: `Product ${index}`, category: 'Bread' },
        ...{ barcodes: [], active: true },
        ...row,
      }) as CatalogueProduct,
  )
  return {
    ...emptyDirectory,
    products: indexProducts(products),
    listed: products.filter(({ active }) => active),
    byId: new Map(products.map((product) => [product.id, product])),
  }
}

test('a barcode is found with and without the zero that makes a UPC an EAN', () => {
  const directory = directoryOf([{ barcodes: ['036000291452'] }, { barcodes: ['0012345678905'] }])
  expect(findScanned(directory, '036000291452')?.id).toBe('p0')
  expect(findScanned(directory, '0036000291452')?.id).toBe('p0')
  expect(findScanned(directory, '012345678905')?.id).toBe('p1')
  expect(findScanned(directory, '999')).toBeUndefined()
})

test('what is no longer sold is neither scanned nor shown', () => {
  const directory = directoryOf([{ active: false, barcodes: ['12345678'] }, {}])
  expect(findScanned(directory, '12345678')).toBeUndefined()
  const shown = { text: '', category: allProducts, sold: { p0: 9, p1: 1 } }
  expect(listProducts(directory, shown).map(({ id }) => id)).toEqual(['p1'])
  expect(listProducts(directory, { ...shown, category: oftenSold }).map(({ id }) => id)).toEqual([
    'p1',
  ])
})

test('a search over ten thousand products shows a bounded few', () => {
  const names = ['Croissant เนย', 'กาแฟเย็น', 'Roti cokelat', 'Sourdough loaf', 'น้ำผึ้ง']
  const directory = directoryOf(
    Array.from({ length: 10_000 }, (_, index) => ({ name: `${names[index % 5]} ${index}` })),
  )
  const found = ['c', 'กา', 'roti cokelat 99', 'zzz'].map(
    (text) => listProducts(directory, { category: allProducts, sold: {}, text }).length,
  )
  expect(found).toEqual([resultsMax, resultsMax, expect.any(Number), 0])
  expect(found[2]).toBeGreaterThan(0)
})
