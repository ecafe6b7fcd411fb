import { makeId } from '@tillkeeper/client/id.ts'
import { type BenchProduct, currency } from './bench-chain.ts'

/** The sale that we promise to be fast: five lines, paid in cash, with change. */
export const linesCount = 5
const piecesMax = 3
const noteMinor = 100_000

/** What is asked for, as it goes over the wire. */
export type BenchSale = {
  readonly id: string
  readonly sessionId: string
  readonly currency: string
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[]
  readonly tenders: readonly { readonly method: 'cash'; readonly givenMinor: number }[]
  readonly expectedTotalMinor: number
}

/** A sale of random products, paid with notes of 1,000 baht, so that there is always change. */
export function makeSale(sessionId: string, products: readonly BenchProduct[]): BenchSale {
  const lines = Array.from({ length: linesCount }, () => {
    const product = products[Math.floor(Math.random() * products.length)]
    if (product === undefined) throw new Error('there is a product to sell')
    const pieces = 1 + Math.floor(Math.random() * piecesMax)
    return { productId: product.id, pieces, totalMinor: product.priceMinor * pieces }
  })
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0)
  const givenMinor = (Math.floor(totalMinor / noteMinor) + 1) * noteMinor
  return {
    id: makeId(),
    sessionId,
    currency,
    lines: lines.map(({ productId, pieces }) => ({ productId, quantity: pieces * 1000 })),
    tenders: [{ method: 'cash', givenMinor }],
    expectedTotalMinor: totalMinor,
  }
}
