import { denominationsOf, makeChange } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { CashStory, CauseKind, MistakenFace, ToldMovement, ToldSale } from './cash-story.ts'

// Sessions of shops as they are, and what happened in each beside what was recorded. A mistake is planted in what
// happened, by rules of its own: nothing here asks the code that looks for it.

/** Chance from a seed: mulberry32, whose 32 bits are enough for a shop's day. */
export function chanceOf(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
  return { next, below, pick }
}
type Chance = ReturnType<typeof chanceOf>

const thb = 'THB' as Currency
const startMs = Date.parse('2026-11-20T02:00:00.000Z')
const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString()

/** What the articles of three kinds of shop cost: a café, a grocer, a gift shop. */
const shops = [
  [2_500, 3_500, 4_500, 5_000, 5_500, 6_000, 6_500, 7_500, 8_500, 9_500, 12_000, 14_500],
  [700, 1_000, 1_250, 1_500, 2_000, 2_575, 3_300, 4_200, 5_900, 8_900, 11_900, 24_900],
  [9_900, 14_900, 19_900, 24_000, 29_900, 35_000, 49_000, 59_900, 89_000, 129_000],
] as const
const floats = [
  { faceMinor: minor(50_000), pieces: 2 },
  { faceMinor: minor(10_000), pieces: 12 },
  { faceMinor: minor(5_000), pieces: 6 },
  { faceMinor: minor(2_000), pieces: 20 },
  { faceMinor: minor(1_000), pieces: 20 },
  { faceMinor: minor(500), pieces: 20 },
  { faceMinor: minor(100), pieces: 50 },
  { faceMinor: minor(25), pieces: 40 },
]
const bills = [6_000, 12_000, 18_000, 25_000, 35_000, 48_000, 80_000].map(minor)
const drops = [300_000, 500_000, 500_000, 500_000, 1_000_000].map(minor)

/** A session in which all was recorded as it was: no variance. */
export function someSession(chance: Chance): CashStory {
  const prices = chance.pick(shops)
  const sales = someSales(chance, prices)
  const lastMinute = 14 * 60
  const movements: ToldMovement[] = []
  for (let index = 0; index < 1 + chance.below(3); index += 1) {
    movements.push(someMovement(chance, 'drop', chance.pick(drops), lastMinute))
  }
  for (let index = 0; index < chance.below(4); index += 1) {
    const amount = chance.next() < 0.7 ? chance.pick(bills) : minor(500 + 500 * chance.below(150))
    movements.push(someMovement(chance, 'pay_out', amount, lastMinute))
  }
  return {
    currency: thb,
    varianceMinor: minor(0),
    openedAt: at(0),
    floatMinor: minor(floats.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0)),
    ...(chance.next() < 0.8 && { floatPieces: floats }),
    sales,
    refunds: [],
    movements: movements.sort((a, b) => (a.at < b.at ? -1 : 1)),
    ...(chance.next() < 0.9 && { countedPieces: someCount(chance) }),
    usual: {
      dropsMinor: Array.from({ length: 20 }, () => chance.pick(drops)),
      payOutsMinor: Array.from({ length: 25 }, () => chance.pick(bills)),
    },
  }
}

function someMovement(
  chance: Chance,
  kind: ToldMovement['kind'],
  amountMinor: Minor,
  lastMinute: number,
): ToldMovement {
  const id = `movement-${chance.below(2 ** 30)}`
  return { id, at: at(30 + chance.below(lastMinute - 30)), kind, amountMinor }
}

function someCount(chance: Chance) {
  return denominationsOf(thb)
    .map(({ faceMinor }) => ({ faceMinor, pieces: chance.below(faceMinor > 20_000 ? 15 : 40) }))
    .filter(({ pieces }) => pieces > 0)
}

function someSales(chance: Chance, prices: readonly number[]): ToldSale[] {
  const count = 40 + chance.below(120)
  return Array.from({ length: count }, (_, index) => {
    const linesMinor = Array.from({ length: 1 + chance.below(4) }, () =>
      minor(chance.pick(prices) * (chance.next() < 0.15 ? 2 : 1)),
    )
    const total = linesMinor.reduce((all, line) => all + line, 0)
    const byCash = chance.next() < 0.65
    const given = byCash ? someGiven(chance, total) : 0
    const changeMinor = minor(byCash ? given - total : 0)
    const pieces = chance.next() < 0.3 ? makeChange(changeMinor, denominationsOf(thb)) : undefined
    return {
      id: `sale-${index}`,
      receiptNumber: `RCP-261120-01${String(index + 1).padStart(4, '0')}`,
      at: at((index * 14 * 60) / count),
      givenMinor: minor(given),
      changeMinor,
      ...(pieces !== undefined && { changePieces: pieces }),
      others: byCash
        ? []
        : [{ method: chance.pick(['card', 'promptpay'] as const), amountMinor: minor(total) }],
      linesMinor,
    }
  })
}

/** What a customer lays down: it exactly, some coins to help, or the next note up. */
function someGiven(chance: Chance, total: number): number {
  if (chance.next() < 0.2) return total
  const notes = [2_000, 5_000, 10_000, 50_000, 100_000].filter((note) => note >= total / 3)
  const note = notes.length === 0 ? 100_000 : chance.pick(notes.slice(0, 3))
  return Math.ceil(total / note) * note
}

/** A mistake in a session: the session as it is recorded and counted, and what was really done. */
export type Planted = {
  readonly story: CashStory
  readonly kind: CauseKind
  /** The act at which it happened, where it was at one. */
  readonly actId?: string
  readonly faces?: Pick<MistakenFace, 'isMinor' | 'takenForMinor'>
}

type Plant = (chance: Chance, story: CashStory) => Omit<Planted, 'kind'> | undefined

const withVariance = (story: CashStory, by: number): CashStory => ({
  ...story,
  varianceMinor: minor(by),
})

const plants: Readonly<Record<CauseKind, Plant>> = {
  wrong_tender(chance, story) {
    const sale = chance.pick(story.sales)
    const other = sale.others[0]
    if (other !== undefined) {
      return { story: withVariance(story, other.amountMinor), actId: sale.id }
    }
    // Who pays by card is seldom given change: the cashier presses the exact amount.
    const paid = sale.givenMinor - sale.changeMinor
    const exact = chance.next() < 0.7
    const recorded = exact ? { ...sale, givenMinor: minor(paid), changeMinor: minor(0) } : sale
    return { story: withVariance(replace(story, recorded), -paid), actId: sale.id }
  },
  missing_drop(chance, story) {
    const amount = chance.pick(drops)
    const sold = story.sales.reduce((all, sale) => all + sale.givenMinor - sale.changeMinor, 0)
    const dropped = story.movements.reduce((all, { amountMinor }) => all + amountMinor, 0)
    // Nobody drops what the drawer does not hold.
    if (story.floatMinor + sold - dropped < amount) return undefined
    return { story: withVariance(story, -amount) }
  },
  drop_not_made: (chance, story) => plantAtMovement(chance, story, 'drop'),
  pay_out_twice(chance, story) {
    const first = pickMovement(chance, story, 'pay_out')
    if (first === undefined) return undefined
    const again = { ...first, id: `${first.id}-again` }
    const movements = [...story.movements, again]
    return { story: withVariance({ ...story, movements }, first.amountMinor), actId: again.id }
  },
  missing_pay_out(chance, story) {
    const amount = chance.next() < 0.7 ? chance.pick(bills) : 500 + 500 * chance.below(150)
    return { story: withVariance(story, -amount) }
  },
  wrong_pile(chance, story) {
    const [isMinor, takenForMinor] = someMistakenFace(chance)
    const pieces = chance.pick([1, 1, 1, 2, 2, 3, 4])
    const pile = story.countedPieces?.find((each) => each.faceMinor === takenForMinor)
    if (story.countedPieces !== undefined && (pile?.pieces ?? 0) < pieces) return undefined
    const by = (takenForMinor - isMinor) * pieces
    return { story: withVariance(story, by), faces: { isMinor, takenForMinor } }
  },
  wrong_float(chance, story) {
    const { faceMinor } = chance.pick(floats)
    const by = faceMinor * chance.pick([1, 1, 2, 3]) * chance.pick([1, -1])
    return { story: withVariance(story, by) }
  },
  change_times_ten(chance, story) {
    const sale = chance.pick(story.sales.filter(({ changeMinor }) => changeMinor > 0))
    const { changeMinor } = sale
    const tenth = changeMinor % 250 === 0 && chance.next() < 0.4
    const paid = tenth ? changeMinor / 10 : changeMinor * 10
    return { story: withVariance(story, changeMinor - paid), actId: sale.id }
  },
  wrong_change(chance, story) {
    const index = chance.below(story.sales.length - 1)
    const [sale, next] = story.sales.slice(index, index + 2)
    if (sale === undefined || next === undefined || sale.givenMinor === 0) return undefined
    const paid = chance.next() < 0.5 ? next.changeMinor : swapTwoDigits(chance, sale.changeMinor)
    if (paid === 0 || paid === sale.changeMinor || paid % 25 !== 0) return undefined
    return { story: withVariance(story, sale.changeMinor - paid), actId: sale.id }
  },
  sale_unpaid(chance, story) {
    const sale = chance.pick(story.sales.filter(({ givenMinor }) => givenMinor > 0))
    const paid = sale.givenMinor - sale.changeMinor
    if (chance.next() < 0.5) return { story: withVariance(story, -paid), actId: sale.id }
    const again = { ...sale, id: `${sale.id}-again`, receiptNumber: `${sale.receiptNumber}A` }
    const sales = story.sales.flatMap((each) => (each === sale ? [sale, again] : [each]))
    return { story: withVariance({ ...story, sales }, -paid), actId: again.id }
  },
  wrong_note(chance, story) {
    const sale = chance.pick(story.sales.filter(({ changeMinor }) => changeMinor > 0))
    const change = makeChange(sale.changeMinor, denominationsOf(thb)) ?? []
    const [given, meant] = someMistakenFace(chance)
    if (!change.some(({ faceMinor }) => faceMinor === meant)) return undefined
    return {
      story: withVariance(story, meant - given),
      faces: { isMinor: given, takenForMinor: meant },
    }
  },
  missing_refund(chance, story) {
    const sale = chance.pick(story.sales.filter(({ givenMinor }) => givenMinor > 0))
    const whole = sale.givenMinor - sale.changeMinor
    const amount = chance.next() < 0.6 ? whole : chance.pick(sale.linesMinor)
    return { story: withVariance(story, -amount), actId: sale.id }
  },
}

/** Plants one mistake of a kind in a session. It is not always possible: then another session is made. */
export function plantMistake(chance: Chance, kind: CauseKind): Planted {
  for (;;) {
    const planted = plants[kind](chance, someSession(chance))
    if (planted !== undefined && planted.story.varianceMinor !== 0) return { ...planted, kind }
  }
}

/** Two faces that people take for one another in Thailand: by their colour, their size, or a nought. */
function someMistakenFace(chance: Chance): readonly [Minor, Minor] {
  const pairs = [
    ...[
      [2_000, 5_000],
      [2_000, 10_000],
      [5_000, 10_000],
      [10_000, 50_000],
      [10_000, 100_000],
    ],
    ...[
      [50_000, 100_000],
      [5_000, 50_000],
      [100, 1_000],
      [100, 200],
      [200, 500],
      [500, 1_000],
    ],
  ]
  const [one = 0, other = 0] = chance.pick(pairs)
  return chance.next() < 0.5 ? [minor(one), minor(other)] : [minor(other), minor(one)]
}

function swapTwoDigits(chance: Chance, amount: number): number {
  const digits = [...String(amount)]
  const place = chance.below(digits.length - 1)
  const taken = digits.splice(place, 1)
  digits.splice(place + 1, 0, ...taken)
  return Number(digits.join(''))
}

function pickMovement(chance: Chance, story: CashStory, kind: ToldMovement['kind']) {
  const own = story.movements.filter((movement) => movement.kind === kind)
  return own.length === 0 ? undefined : chance.pick(own)
}

function plantAtMovement(chance: Chance, story: CashStory, kind: ToldMovement['kind']) {
  const movement = pickMovement(chance, story, kind)
  if (movement === undefined) return undefined
  return { story: withVariance(story, movement.amountMinor), actId: movement.id }
}

const replace = (story: CashStory, sale: ToldSale): CashStory => ({
  ...story,
  sales: story.sales.map((each) => (each.id === sale.id ? sale : each)),
})
