import type { Minor } from '../money/money.ts'
import type { DrawerStock, FaceStock } from './drawer-stock.ts'

/** No cash has moved for so long: nobody stands at the counter. */
export const quietMs = 3 * 60_000
/** A face is not counted again before. */
export const countAgainMs = 60 * 60_000
/** A face that went in or out fewer times is not worth the walk. */
const actsMin = 5
/** Waiting longer than this makes a count no more urgent. */
const hoursMax = 12

const hourMs = 3_600_000

/**
 * Which note or coin is worth counting now, so that a loss is found within hours: `undefined` while there is
 * something to do at the till, or nothing worth it. The face with most at risk: what a single mistake costs,
 * times how often it moved, times how long it was not counted. It names a face, and never how many.
 */
export function chooseCount(stock: DrawerStock, nowMs: number): Minor | undefined {
  if (nowMs - Date.parse(stock.movedAt) < quietMs) return undefined
  let chosen: { readonly faceMinor: Minor; readonly risk: number } | undefined
  for (const face of stock.faces) {
    const risk = riskOf(face, nowMs)
    if (risk > 0 && (chosen === undefined || risk > chosen.risk)) {
      chosen = { faceMinor: face.faceMinor, risk }
    }
  }
  return chosen?.faceMinor
}

function riskOf({ faceMinor, pieces, acts, countedAt }: FaceStock, nowMs: number): number {
  const waitedMs = nowMs - Date.parse(countedAt)
  if (acts < actsMin || waitedMs < countAgainMs) return 0
  // What is not there cannot be counted; what was there was given out, or is another face's mistake.
  return pieces === 0 ? 0 : faceMinor * acts * Math.min(waitedMs / hourMs, hoursMax)
}
