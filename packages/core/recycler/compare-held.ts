import type { UnitFace } from './resolve-recycler.ts'

/** A face in one part of a machine of which it holds another number than the books say. */
export type HeldDifference = Omit<UnitFace, 'pieces'> & {
  readonly expected: number
  readonly reported: number
}

/**
 * Where what a machine at rest says that it holds is not what the books say, by part, currency and face, from high to
 * low. Empty where both agree.
 */
export function compareHeld(
  held: readonly UnitFace[],
  reported: readonly UnitFace[],
): readonly HeldDifference[] {
  const faces = new Map<string, HeldDifference>()
  const add = ({ unit, currency, faceMinor, pieces }: UnitFace, of: 'expected' | 'reported') => {
    const name = `${unit} ${currency} ${faceMinor}`
    const known = faces.get(name) ?? { unit, currency, faceMinor, expected: 0, reported: 0 }
    faces.set(name, { ...known, [of]: known[of] + pieces })
  }
  for (const line of held) add(line, 'expected')
  for (const line of reported) add(line, 'reported')
  const order = ({ unit, currency }: HeldDifference) => `${unit} ${currency}`
  return [...faces.values()]
    .filter((line) => line.expected !== line.reported)
    .sort((a, b) =>
      order(a) === order(b) ? b.faceMinor - a.faceMinor : order(a) < order(b) ? 1 : -1,
    )
}
