import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../base/instant.ts'
import { denominationsOf, makeChange, type Pieces, sumPieces } from '../money/denominations.ts'
import { type Currency, minor } from '../money/money.ts'
import { askFor } from './ask-for.ts'
import { chooseCount, countAgainMs, quietMs } from './choose-count.ts'
import { countStock, moveStock, piecesOf, recountFaces } from './drawer-stock.ts'

const thb = 'THB' as Currency
const start = '2026-03-02T02:00:00.000Z' as Instant
const baht = (amount: number) => minor(amount * 100)
const drawer = (counts: Readonly<Record<number, number>>): Pieces =>
  Object.entries(counts).map(([face, pieces]) => ({ faceMinor: baht(Number(face)), pieces }))
const plenty = { 1000: 9, 500: 9, 100: 30, 50: 30, 20: 30, 10: 30, 5: 30, 2: 30, 1: 30 }
const stockOf = (counts: Readonly<Record<number, number>>) => countStock(thb, drawer(counts), start)
const ask = (due: number, given: number | undefined, counts: Readonly<Record<number, number>>) => {
  const found = askFor({
    ...{ dueMinor: baht(due), stock: stockOf(counts) },
    givenMinor: given === undefined ? undefined : baht(given),
  })
  return found && [found.givenMinor, found.askMinor, found.changeMinor].map((sum) => sum / 100)
}

describe('what to ask for', () => {
  test.each([
    // 43 is 20, 20, 2 and 1; with 7 more it is a fifty.
    ['a round sum instead of four pieces', 157, 200, plenty, [200, 7, 50]],
    ['what is given is guessed where it is not known', 157, undefined, plenty, [200, 7, 50]],
    [
      'the fewest coins of a customer, where as many change hands',
      165.5,
      200,
      plenty,
      [200, 0.5, 35],
    ],
    ['nothing where the change is exact', 200, 200, plenty, undefined],
    ['nothing where a note pays it', 100, undefined, plenty, undefined],
    ['nothing for one piece less', 93, 100, plenty, undefined],
    ['the last fives are kept', 93, 100, { ...plenty, 5: 2 }, [100, 3, 10]],
    ['a way where the drawer has none', 93, 100, { 20: 9, 10: 9, 5: 9 }, [100, 3, 10]],
    ['no change of a dozen coins, however many there are', 77, 100, { 2: 30 }, undefined],
    ['nothing where nothing helps', 93, 100, { 1000: 1 }, undefined],
  ])('%s', (_, due, given, counts, expected) => {
    expect(ask(due, given, counts)).toEqual(expected)
  })

  // Of most faces there is none: so that what there is more of can matter.
  const count = fc.oneof(fc.constant(0), fc.nat(14))
  const counts = fc.array(count, { minLength: 11, maxLength: 11 })
  const faces = denominationsOf(thb)
  const anyStock = (pieces: readonly number[]) =>
    countStock(
      thb,
      faces.map(({ faceMinor }, index) => ({ faceMinor, pieces: pieces[index] ?? 0 })),
      start,
    )
  const given = fc.constantFrom(...[20, 50, 100, 200, 500, 1_000].map(baht))
  const due = fc.integer({ min: 1, max: 4_000 }).map((quarters) => minor(25 * quarters))

  test('it asks where change is due, for less than that, and the change takes fewer pieces', () => {
    const countOf = (pieces: Pieces) => pieces.reduce((all, each) => all + each.pieces, 0)
    let asked = 0
    fc.assert(
      fc.property(counts, due, given, (pieces, dueMinor, givenMinor) => {
        const stock = anyStock(pieces)
        const found = askFor({ dueMinor, givenMinor, stock })
        if (found === undefined) return
        asked += 1
        expect(givenMinor).toBeGreaterThan(dueMinor)
        expect(found.askMinor).toBeGreaterThan(0)
        expect(found.askMinor).toBeLessThan(givenMinor - dueMinor)
        expect(found.changeMinor).toBe(givenMinor + found.askMinor - dueMinor)
        // As far as a drawer's plenty goes: more than ten of a face are ten.
        const held = piecesOf(stock).map((each) => ({ ...each, pieces: Math.min(each.pieces, 10) }))
        const then = makeChange(found.changeMinor, held, held)
        const now = makeChange(minor(givenMinor - dueMinor), held, held)
        expect(then).toBeDefined()
        if (now !== undefined) expect(countOf(then ?? [])).toBeLessThan(countOf(now))
      }),
      { numRuns: 150 },
    )
    // A test in which nothing is ever asked for would hold as well.
    expect(asked).toBeGreaterThan(10)
  })

  test('it says the same of a drawer with any more in it: nobody learns what there should be', () => {
    fc.assert(
      fc.property(counts, counts, due, given, (pieces, more, dueMinor, givenMinor) => {
        const richer = pieces.map((each, index) => (each < 10 ? each : each + (more[index] ?? 0)))
        expect(askFor({ dueMinor, givenMinor, stock: anyStock(richer) })).toEqual(
          askFor({ dueMinor, givenMinor, stock: anyStock(pieces) }),
        )
      }),
      { numRuns: 100 },
    )
  })
})

describe('a drawer followed by piece', () => {
  test('takes what is said, and supposes the fewest where nothing is', () => {
    const paid = moveStock(stockOf({ 20: 2 }), { into: true, amountMinor: baht(570), at: start })
    expect(piecesOf(paid)).toEqual(drawer({ 500: 1, 50: 1, 20: 3 }).toReversed())
    const out = { into: false, amountMinor: baht(60), at: start }
    expect(piecesOf(moveStock(paid, out))).toEqual(drawer({ 500: 1, 50: 1 }).toReversed())
    const told = { ...out, pieces: drawer({ 50: 1, 10: 1 }) }
    // A ten that was not supposed to be there went out: there are none, and no fewer.
    expect(piecesOf(moveStock(paid, told))).toEqual(drawer({ 500: 1, 20: 3 }).toReversed())
  })

  test('a face that is counted is what was counted', () => {
    const later = '2026-03-02T05:00:00.000Z' as Instant
    const moved = moveStock(stockOf({ 20: 2 }), { into: true, amountMinor: baht(20), at: start })
    const [found] = recountFaces(moved, drawer({ 20: 7 }), later).faces.filter(
      ({ faceMinor }) => faceMinor === baht(20),
    )
    expect(found).toEqual({ faceMinor: baht(20), pieces: 7, acts: 0, countedAt: later })
  })
})

describe('what to count in a quiet moment', () => {
  const startMs = Date.parse(start)
  const after = (ms: number) => new Date(startMs + ms).toISOString() as Instant
  const lastMs = 2 * countAgainMs
  /** Every act half of a minute before the last. */
  const worked = (acts: readonly (readonly [face: number, times: number])[]) =>
    acts
      .flatMap(([face, times]) => Array.from({ length: times }, () => face))
      .reduce(
        (stock, face) =>
          moveStock(stock, {
            ...{ into: true, amountMinor: baht(face), at: after(lastMs) },
            pieces: drawer({ [face]: 1 }),
          }),
        stockOf({ 20: 5 }),
      )
  const quiet = startMs + lastMs + quietMs

  test('nothing while somebody is served, and then what has most at risk', () => {
    const day = worked([
      [20, 30],
      [100, 20],
      [500, 2],
    ])
    expect(chooseCount(day, quiet - 1)).toBeUndefined()
    expect(chooseCount(day, quiet)).toBe(baht(100))
    // Counted, it gives way to the next; and when all are, nothing is asked for.
    const once = recountFaces(day, drawer({ 100: 20 }), after(lastMs))
    expect(chooseCount(once, quiet)).toBe(baht(20))
    const twice = recountFaces(once, drawer({ 20: 35 }), after(lastMs))
    expect(chooseCount(twice, quiet)).toBeUndefined()
  })

  test('nothing that hardly moved, and nothing right after it was counted', () => {
    expect(chooseCount(worked([[1_000, 4]]), quiet)).toBeUndefined()
    const day = worked([[100, 20]])
    const counted = recountFaces(day, drawer({ 100: 20 }), after(lastMs))
    const busy = Array.from({ length: 9 }).reduce(
      (stock: typeof counted) =>
        moveStock(stock, {
          ...{ into: true, amountMinor: baht(100), at: after(lastMs) },
          pieces: drawer({ 100: 1 }),
        }),
      counted,
    )
    expect(chooseCount(busy, startMs + lastMs + countAgainMs - 1)).toBeUndefined()
    expect(chooseCount(busy, startMs + lastMs + countAgainMs)).toBe(baht(100))
  })

  test('a sum is made of the pieces of a drawer, whatever went in and out', () => {
    const move = fc.record({
      into: fc.boolean(),
      amountMinor: fc.integer({ min: 0, max: 4_000 }).map((quarters) => minor(25 * quarters)),
    })
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        let heldMinor: number = sumPieces(drawer(plenty))
        let stock = stockOf(plenty)
        for (const { into, amountMinor } of moves) {
          if (!into && makeChange(amountMinor, stock.faces, piecesOf(stock)) === undefined) continue
          heldMinor += into ? amountMinor : -amountMinor
          stock = moveStock(stock, { into, amountMinor, at: start })
        }
        expect(sumPieces(piecesOf(stock))).toBe(heldMinor)
      }),
    )
  })
})
