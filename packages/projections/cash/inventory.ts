import { assert } from '@tillkeeper/core/base/assert.ts'
import type { TransferRow } from '../apply/effects.ts'
import { isInside } from './location.ts'

/** What transfers add to a place, of one face; face 0 is an amount whose pieces nobody said. */
export type PieceRow = {
  readonly location: string
  readonly currency: string
  readonly face_minor: number
  readonly pieces: number
}

/**
 * What transfers bring to and take from each place in the shop's care, face by face. Pieces that are not worth
 * the amount leave the difference loose: so a place's pieces are always worth its balance.
 */
export function addPieces(transfers: readonly TransferRow[]): readonly PieceRow[] {
  const rows = new Map<string, PieceRow>()
  const add = (row: PieceRow) => {
    if (row.pieces === 0) return
    const name = `${row.location}/${row.currency}/${row.face_minor}`
    const pieces = (rows.get(name)?.pieces ?? 0) + row.pieces
    assert(Number.isSafeInteger(pieces), 'what a batch adds to an inventory is exact')
    rows.set(name, { ...row, pieces })
  }
  for (const { from_location, to_location, currency, amount_minor, pieces } of transfers) {
    const faces = pieces === undefined ? [] : (pieces as readonly Face[])
    for (const [location, sign] of [[from_location, -1] as const, [to_location, 1] as const]) {
      if (!isInside(location)) continue
      let loose = amount_minor
      for (const { faceMinor, pieces: count } of faces) {
        loose -= faceMinor * count
        add({ location, currency, face_minor: faceMinor, pieces: sign * count })
      }
      add({ location, currency, face_minor: 0, pieces: sign * loose })
    }
  }
  return [...rows.values()]
}

type Face = { readonly faceMinor: number; readonly pieces: number }
