import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProductId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import type { CatalogueProduct } from './product.ts'
import { findByCode, foldForSearch, indexProducts, searchProducts } from './search-products.ts'

const product = (name: string, fields: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  id: name as ProductId,
  code: '',
  name,
  category: '',
  currency: 'THB' as Currency,
  priceMinor: minor(100),
  vatBasisPoints: 700,
  barcodes: [],
  active: true,
  ...fields,
})
const found = (products: readonly CatalogueProduct[], query: string, limit = 10) =>
  searchProducts(indexProducts(products), query, limit).map(({ name }) => name)

test.for([
  { typed: 'นำปลา', written: 'น้ำปลา' },
  { typed: 'เเกง', written: 'แกง' }, // Two sara e for one sara ae.
  { typed: 'เค็ก', written: 'เค้ก' },
  { typed: 'CAFE', written: 'Café' },
  { typed: 'creme brulee', written: 'Crème Brûlée' },
  { typed: 'ｋｏｐｉ', written: 'Kopi' }, // Full width.
])('$typed finds $written', ({ typed, written }) => {
  expect(foldForSearch(typed)).toBe(foldForSearch(written))
  expect(found([product(written)], typed)).toEqual([written])
})

test('what means something else stays apart', () => {
  expect(foldForSearch('ปี')).not.toBe(foldForSearch('ปู')) // Vowels are no tone marks.
})

test('the name that begins so comes first, then a word, then the inside', () => {
  const products = ['Iced tea', 'Latte iced', 'Spiced cake', 'ICED LATTE'].map((name) =>
    product(name),
  )
  expect(found(products, 'iced')).toEqual(['Iced tea', 'ICED LATTE', 'Latte iced', 'Spiced cake'])
})

test('a word that stands inside and begins another counts as a beginning', () => {
  expect(found([product('Muffin, unmuffin'), product('ragamuffin muffin')], 'muffin')).toEqual([
    'Muffin, unmuffin',
    'ragamuffin muffin',
  ])
  expect(found([product('big ragamuffin'), product('ragamuffin muffin')], 'muffin')).toEqual([
    'ragamuffin muffin',
    'big ragamuffin',
  ])
})

test('every word has to be there, in any order', () => {
  const products = ['White bread', 'Bread, brown', 'Bread, white, sliced'].map((name) =>
    product(name),
  )
  expect(found(products, 'bread  white')).toEqual(['Bread, white, sliced', 'White bread'])
  expect(found(products, 'bread rye')).toEqual([])
})

test('code, category and barcode are found too', () => {
  const cake = product('Cake', { code: '85123A', category: 'Bakery', barcodes: ['8850999320007'] })
  for (const query of ['85123a', 'bakery', '8850', 'cake bakery']) {
    expect(found([cake], query)).toEqual(['Cake'])
  }
})

test('an empty query finds the beginning, a limit holds, and what is not sold is not found', () => {
  const products = [product('A'), product('B', { active: false }), product('C'), product('D')]
  expect(found(products, '  ', 2)).toEqual(['A', 'C'])
  expect(found(products, 'b')).toEqual([])
  expect(found([], 'a')).toEqual([])
})

test('a scan finds one product by its whole code, an active one before one that is not', () => {
  const index = indexProducts([
    product('old', { code: '1', active: false }),
    product('new', { code: '1', barcodes: ['885'] }),
    product('late', { code: '1' }),
    product('gone', { code: '2', active: false }),
  ])
  expect(findByCode(index, ' 1 ')?.name).toBe('new')
  expect(findByCode(index, '885')?.name).toBe('new')
  expect(findByCode(index, '2')?.name).toBe('gone')
  expect(findByCode(index, '88')).toBeUndefined()
})

test('a search finds what contains every word, and nothing else', () => {
  const names = fc.array(fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'ก', '้', ' ', '1') }))
  fc.assert(
    fc.property(
      names,
      fc.string({ unit: fc.constantFrom('A', 'b', 'e', 'ก', ' ') }),
      (all, query) => {
        const words = foldForSearch(query).trim().split(/\s+/)
        const expected = all.filter((name) =>
          words.every((word) => foldForSearch(name).includes(word)),
        )
        const hits = found(
          all.map((name) => product(name)),
          query,
          1_000,
        )
        expect([...hits].sort()).toEqual([...expected].sort())
      },
    ),
  )
})

test('a query that is folded already is folded once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = foldForSearch(text)
      expect(foldForSearch(once.normalize('NFC'))).toBe(foldForSearch(once))
    }),
  )
})
