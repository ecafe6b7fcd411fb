import type { Denomination } from '../money/denominations.ts'
import type { Minor } from '../money/money.ts'

/** Piles lie in the order of their faces: a piece ends in one of the two beside its own. */
const pilesAway = 2

/**
 * The faces that a note or coin is taken for: those that lie beside it, and those of its kind that differ by a
 * nought: a 50 for a 500.
 */
export function lookAlikes(faces: readonly Denomination[], faceMinor: Minor): readonly Minor[] {
  const at = faces.findIndex((each) => each.faceMinor === faceMinor)
  const own = faces[at]
  if (own === undefined) return []
  const isNought = ({ faceMinor: other, kind }: Denomination) =>
    kind === own.kind && (other === faceMinor * 10 || other * 10 === faceMinor)
  return faces
    .filter(
      (other, index) => other !== own && (Math.abs(index - at) <= pilesAway || isNought(other)),
    )
    .map((other) => other.faceMinor)
}
