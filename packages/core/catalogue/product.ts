import type { ProductId } from '../base/id.ts'
import type { Currency, Minor } from '../money/money.ts'

/** Something a shop sells, as the catalogue has it now. */
export type Product = {
  readonly id: ProductId
  readonly code: string
  readonly name: string
  readonly currency: Currency
  /** With tax, for one unit (1000 thousandths). */
  readonly priceMinor: Minor
  /** Hundredths of a per cent: 700 is 7 %. */
  readonly vatBasisPoints: number
  /** Whether it is sold at all. */
  readonly active: boolean
}

/** A product as people search for it. */
export type CatalogueProduct = Product & {
  readonly category: string
  readonly barcodes: readonly string[]
}
