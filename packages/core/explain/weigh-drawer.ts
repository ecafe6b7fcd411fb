import { denominationsOf, type Pieces } from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'
import type { CashStory, MistakenFace, ToldMovement } from './cash-story.ts'
import { lookAlikes } from './look-alikes.ts'
import { smallestFace } from './weigh-sales.ts'
import { type Fit, noFit, type Weighed } from './weighed.ts'

// What a mistake beside the sales would make of a variance: at a drop, a pay-out, the float or the count.

/** Of amounts that a shop has not moved before: so many round ones are as likely. */
const roundDrops = 40
const roundPayOuts = 200
const usualShare = 0.7
/** How many pieces lie in the wrong pile, or are missing from a float: one more often than five. */
const piecesShare = [0.4, 0.25, 0.15, 0.1, 0.1]

/** Cash went to the safe, and nobody recorded it. Only what the drawer once held can have gone. */
export function weighMissingDrop(story: CashStory): Weighed {
  const amount = minor(-story.varianceMinor)
  if (amount <= 0) return noFit
  const peak = findPeak(story)
  const step = denominationsOf(story.currency)[0]?.faceMinor ?? 100 * smallestFace(story.currency)
  if (peak.heldMinor < amount) return noFit
  const { dropsMinor } = story.usual
  const usual = shareOf(dropsMinor, amount)
  const isRound = amount % step === 0 && amount <= step * roundDrops
  const likelihood = mix(dropsMinor.length, usual, isRound ? 1 / roundDrops : 0)
  if (likelihood === 0) return noFit
  const held: Fit = { weight: 1, why: 'drawer_held', at: peak.at, recordedMinor: peak.heldMinor }
  return {
    likelihood,
    fits: usual > 0 ? [{ weight: 2, why: 'usual_amount', recordedMinor: amount }, held] : [held],
  }
}

/** Cash went to a supplier, and nobody recorded it. */
export function weighMissingPayOut({ varianceMinor, currency, usual }: CashStory): Weighed {
  const amount = minor(-varianceMinor)
  if (amount <= 0) return noFit
  const { payOutsMinor } = usual
  const seen = shareOf(payOutsMinor, amount)
  const step = payOutStep(currency)
  const isRound = amount % step === 0 && amount <= step * roundPayOuts
  const likelihood = mix(payOutsMinor.length, seen, isRound ? 1 / roundPayOuts : 0)
  const fits: Fit[] = seen > 0 ? [{ weight: 1, why: 'usual_amount', recordedMinor: amount }] : []
  return { likelihood, fits }
}

/** A drop is recorded that never reached the safe, or is recorded twice. */
export function weighDropNotMade({ movements, varianceMinor }: CashStory): Weighed {
  return weighMovements(ofKind(movements, 'drop'), varianceMinor, 1)
}

/** One pay-out is recorded twice. Without two that are the same it is unlikely, and still thinkable. */
export function weighPayOutTwice({ movements, varianceMinor }: CashStory): Weighed {
  return weighMovements(ofKind(movements, 'pay_out'), varianceMinor, 0.1)
}

/** The float was counted wrongly at the opening: pieces too few, or too many. */
export function weighWrongFloat({ varianceMinor, currency, ...story }: CashStory): Weighed {
  const { floatPieces, floatMinor, openedAt } = story
  if (floatMinor === 0) return noFit
  const faces = floatPieces ?? denominationsOf(currency).map(({ faceMinor }) => ({ faceMinor }))
  const fitting = faces.filter(({ faceMinor }) => faceMinor <= floatMinor)
  let likelihood = 0
  let isMinor: Minor | undefined
  let best = 0
  for (const { faceMinor } of fitting) {
    const pieces = Math.abs(varianceMinor) / faceMinor
    const share = (piecesShare[pieces - 1] ?? 0) / fitting.length / 2
    likelihood += share
    if (share <= best) continue
    best = share
    isMinor = faceMinor
  }
  if (isMinor === undefined) return noFit
  return {
    likelihood,
    fits: [{ weight: 1, why: 'face_in_float', at: openedAt, recordedMinor: isMinor }],
  }
}

/** Notes or coins were counted in the pile of another face, which then has at least as many. */
export function weighWrongPile({ varianceMinor, currency, countedPieces }: CashStory): Weighed {
  const denominations = denominationsOf(currency)
  let all = 0
  let fitting = 0
  let faces: MistakenFace | undefined
  let best = 0
  for (const { faceMinor: isMinor } of denominations) {
    for (const takenForMinor of lookAlikes(denominations, isMinor)) {
      for (const [index, share] of piecesShare.entries()) {
        const pieces = index + 1
        if (!hasPile(countedPieces, takenForMinor, pieces)) continue
        all += share
        if (pieces * (takenForMinor - isMinor) !== varianceMinor) continue
        fitting += share
        if (share <= best) continue
        best = share
        faces = { isMinor, takenForMinor, pieces }
      }
    }
  }
  return all === 0 ? noFit : { likelihood: fitting / all, fits: [], faces }
}

function hasPile(counted: Pieces | undefined, faceMinor: Minor, pieces: number): boolean {
  if (counted === undefined) return true
  return (counted.find((pile) => pile.faceMinor === faceMinor)?.pieces ?? 0) >= pieces
}

function weighMovements(
  movements: readonly ToldMovement[],
  varianceMinor: Minor,
  aloneWeight: number,
): Weighed {
  let fitting = 0
  const fits: Fit[] = []
  for (const { id, at, amountMinor } of movements) {
    if (amountMinor !== varianceMinor) continue
    const same = movements.filter((other) => other.amountMinor === amountMinor).length
    const weight = same > 1 ? 1 : aloneWeight
    fitting += weight
    fits.push({
      weight,
      why: same > 1 ? 'made_twice' : 'amount_equal',
      at,
      act: { type: 'movement', id },
      recordedMinor: amountMinor,
    })
  }
  return { likelihood: fitting === 0 ? 0 : fitting / movements.length, fits }
}

const ofKind = (movements: readonly ToldMovement[], kind: ToldMovement['kind']) =>
  movements.filter((movement) => movement.kind === kind)

function shareOf(amounts: readonly Minor[], amount: Minor): number {
  if (amounts.length === 0) return 0
  return amounts.filter((each) => each === amount).length / amounts.length
}

const mix = (known: number, usual: number, round: number) =>
  known === 0 ? round : usualShare * usual + (1 - usualShare) * round

/** What small bills are rounded to: a quarter of the lowest note. */
function payOutStep(currency: CashStory['currency']): number {
  const notes = denominationsOf(currency).filter(({ kind }) => kind === 'note')
  return Math.max(smallestFace(currency), Math.floor((notes.at(-1)?.faceMinor ?? 400) / 4))
}

/** When the drawer held most, by what is recorded. */
function findPeak(story: CashStory): { readonly at: string; readonly heldMinor: Minor } {
  const acts = [
    ...story.sales.map(({ at, givenMinor, changeMinor }) => ({ at, by: givenMinor - changeMinor })),
    ...story.refunds.map(({ at, cashMinor }) => ({ at, by: -cashMinor })),
    ...story.movements.map(({ at, kind, amountMinor }) => ({
      at,
      by: kind === 'pay_in' || kind === 'top_up' ? amountMinor : -amountMinor,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1))
  let held: number = story.floatMinor
  let peak = { at: story.openedAt, heldMinor: story.floatMinor }
  for (const { at, by } of acts) {
    held += by
    if (held > peak.heldMinor) peak = { at, heldMinor: minor(held) }
  }
  return peak
}
