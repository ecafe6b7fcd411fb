import { createHash } from 'node:crypto'
import { uuidFromHash } from '@tillkeeper/core/base/id.ts'

/** A line of a file, as it was sold or came back. */
export type ActLine = {
  readonly code: string
  /** Whole pieces, above zero. */
  readonly pieces: number
  /** With tax, for one piece. */
  readonly unitMinor: number
}

/** One sale or one return of a file. */
export type Act = {
  readonly kind: 'sale' | 'return'
  /** The file's own number of it; unique among the acts of its kind. */
  readonly number: string
  /** Its first row in the file; the header is row 1. */
  readonly row: number
  readonly occurredAt: string
  /** The shop's calendar day, as the file says it. */
  readonly day: string
  readonly lines: readonly ActLine[]
  readonly customerNumber?: string
  readonly note?: string
}

export type FileProduct = {
  readonly code: string
  readonly name: string
  readonly category: string
  readonly priceMinor: number
  readonly vatBasisPoints: number
}

/** A row that is neither sale nor return, and why: it is listed, never dropped in silence. */
export type RejectedRow = { readonly row: number; readonly reason: string }

/** A file of trading data, understood. */
export type TradingFile = {
  readonly currency: string
  readonly timeZone: string
  readonly products: readonly FileProduct[]
  /** In the order of time. */
  readonly acts: readonly Act[]
  readonly rejected: readonly RejectedRow[]
}

/** The id that a name has for ever, so that a second replay of a file does nothing twice. */
export function namedId(...parts: readonly (string | number)[]): string {
  return uuidFromHash(
    createHash('sha256')
      .update(`replay/${parts.join('/')}`)
      .digest(),
  )
}
