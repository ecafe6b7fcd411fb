import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { denominationsOf, makeChange } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { act, differs, moved, safeOf, server, somebody, thb, type Year } from './year.ts'

// A cash recycler on the counter: what it is asked, takes and gives, and what people do with it. The shop's server says all
// of it; a till says the act that it was for, in a stream of its own, and so before or after.

const faces = denominationsOf(thb)
/** What it has of each face once it was filled. */
const filled = 200
/** At least so many of each face are there before anything is asked of it. */
const least = 60

type Unit = 'recycling' | 'cash_box'
type Ends = 'done' | 'not_done' | 'unresolved'
type Asked = {
  readonly work: object
  readonly inMinor?: number
  readonly outMinor?: number
  readonly links?: object
  readonly ending?: Ends
  /** So many notes of the highest face went into the cash box by themselves. */
  readonly boxed?: number
}

const stockOf = ({ machine }: Year) => `recycler:${machine.shopId}:${machine.id}`
const boxOf = ({ machine }: Year) => `cash_box:${machine.shopId}:${machine.id}`
const customerOf = ({ shopId }: Year) => `customer:${shopId}`

/** Money by piece. */
export const inPieces = (amount: number) => {
  const pieces = amount === 0 ? [] : makeChange(minor(amount), faces)
  if (pieces === undefined) throw new Error(`${amount} can be paid in baht`)
  return { currency: thb, minor: minor(amount), pieces }
}

function say(year: Year, type: string, body: object): string {
  const { id: recyclerId } = year.machine
  return act(year, server, { type, body: { recyclerId, staffId: somebody(year), ...body } })
}

/** What the machine says that it holds: as it is, also where the books say otherwise. */
const reported = ({ machine }: Year) =>
  (['recycling', 'cash_box'] as const).flatMap((unit) =>
    faces.map(({ faceMinor }) => ({
      ...{ unit, currency: thb, faceMinor, level: 'normal' },
      pieces: machine[unit].get(faceMinor) ?? 0,
    })),
  )

function hold(year: Year, unit: Unit, sign: 1 | -1, amount: number): void {
  const of = year.machine[unit]
  for (const { faceMinor, pieces } of inPieces(amount).pieces) {
    of.set(faceMinor, (of.get(faceMinor) ?? 0) + sign * pieces)
  }
}

/** One attempt, from its intent to its end; what moved is booked unless nobody knows it. Returns its id. */
function attempt(year: Year, asked: Asked): string {
  const { work, inMinor = 0, outMinor = 0, links, ending = 'done', boxed = 0 } = asked
  const { machine, chance } = year
  if (faces.some(({ faceMinor }) => (machine.recycling.get(faceMinor) ?? 0) < least)) fill(year)
  machine.seqNo += 1
  const attemptId = uuidv7(year.nowMs, chance.bytes(10))
  const about = { attemptId, currency: thb, work }
  say(year, 'recycler.started', {
    ...{ ...about, seqNo: String(machine.seqNo).padStart(11, '0'), before: reported(year) },
    ...(links === undefined ? {} : { links }),
  })
  hold(year, 'recycling', 1, inMinor)
  hold(year, 'recycling', -1, outMinor)
  const box = boxed * (faces[0]?.faceMinor ?? 0)
  hold(year, 'recycling', -1, box)
  hold(year, 'cash_box', 1, box)
  say(year, 'recycler.settled', {
    ...{ ...about, ending, certain: ending !== 'unresolved', because: 'reply', code: '0' },
    ...{ in: inPieces(inMinor), out: inPieces(outMinor), after: reported(year) },
    ...(box === 0 ? {} : { boxed: inPieces(box) }),
  })
  if (ending === 'unresolved') return attemptId
  book(year, { inMinor, outMinor })
  moved(year, { from: stockOf(year), to: boxOf(year), currency: thb, minor: box })
  return attemptId
}

/** What an attempt moved between customers and the machine. */
function book(year: Year, { inMinor = 0, outMinor = 0 }: Pick<Asked, 'inMinor' | 'outMinor'>) {
  const [customer, stock] = [customerOf(year), stockOf(year)]
  moved(year, { from: customer, to: stock, currency: thb, minor: inMinor })
  moved(year, { from: stock, to: customer, currency: thb, minor: outMinor })
}

/** The machine stands there with what was in it, and is counted for the first time. */
export function setUpMachine(year: Year): void {
  for (const { faceMinor } of faces) year.machine.recycling.set(faceMinor, filled)
  const cash = faces.map(({ faceMinor }) => ({ faceMinor, pieces: filled }))
  const worth = cash.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0)
  say(year, 'recycler.resolved', {
    ...{ counted: reported(year), first: true, reason: 'it is new' },
    variances: [
      { unit: 'recycling', way: 'over', cash: { currency: thb, minor: worth, pieces: cash } },
    ],
  })
  moved(year, {
    ...{ from: `owner:${year.shopId}`, to: stockOf(year), currency: thb, minor: worth },
  })
}

/** Change out of the safe, through the entrance. */
function fill(year: Year): void {
  const { machine } = year
  const added = faces.flatMap(({ faceMinor }) => {
    const pieces = Math.max(0, filled - (machine.recycling.get(faceMinor) ?? 0))
    machine.recycling.set(faceMinor, (machine.recycling.get(faceMinor) ?? 0) + pieces)
    return pieces === 0 ? [] : [{ faceMinor, pieces }]
  })
  const worth = added.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0)
  machine.seqNo += 1
  const attemptId = uuidv7(year.nowMs, year.chance.bytes(10))
  const about = { attemptId, currency: thb, work: { kind: 'replenish', from: 'entrance' } }
  const seqNo = String(machine.seqNo).padStart(11, '0')
  say(year, 'recycler.started', { ...about, seqNo, before: [] })
  say(year, 'recycler.settled', {
    ...{ ...about, ending: 'done', certain: true, because: 'reply', out: inPieces(0) },
    in: { currency: thb, minor: worth, pieces: added },
  })
  moved(year, { from: safeOf(year), to: stockOf(year), currency: thb, minor: worth })
}

/** A customer pays at the machine; returns the attempt with what the machine kept: more, where it lacked pieces. */
export function takeByMachine(
  year: Year,
  dueMinor: Minor,
  { exact = false }: { readonly exact?: boolean } = {},
): { readonly attemptId: string; readonly keptMinor: number } {
  const { chance } = year
  const note = chance.one([2_000, 10_000, 50_000, 100_000])
  const inMinor = Math.ceil(dueMinor / note) * note
  // Now and then it lacks the pieces for the last of the change, and a person gives that.
  const short = !exact && chance.once(10) ? Math.min(100, inMinor - dueMinor) : 0
  const work = { kind: 'pay_in', amountMinor: dueMinor }
  const boxed = chance.once(6) ? 1 : 0
  const outMinor = inMinor - dueMinor - short
  const attemptId = attempt(year, { work, inMinor, outMinor, boxed })
  return { attemptId, keptMinor: inMinor - outMinor }
}

/** The machine gives so much to somebody. */
export function giveByMachine(year: Year, amountMinor: number): string {
  return attempt(year, { work: { kind: 'pay_out', amountMinor }, outMinor: amountMinor })
}

/** Somebody changes a note: it goes in, other pieces come out, and no act is needed. */
export function exchange(year: Year): void {
  const inMinor = 100_000
  const first = attempt(year, { work: { kind: 'deposit' }, inMinor })
  const work = { kind: 'pay_out', amountMinor: inMinor }
  attempt(year, { work, outMinor: inMinor, links: { forAttemptId: first } })
}

/** Money was taken and nobody rang anything up: somebody is told, and here nobody gives it back. */
export function payForNothing(year: Year): void {
  const work = { kind: 'pay_in', amountMinor: 4_500 }
  const attemptId = attempt(year, { work, inMinor: 10_000, outMinor: 5_500 })
  year.open.payments.push(`${attemptId}/machine_payment_without_sale`)
}

/** A line broke off in the middle of a deposit; the manager looks, and says what it took. Given back, it is nobody's. */
export function loseTheEnd(year: Year): void {
  const inMinor = 50_000
  const work = { kind: 'deposit' }
  const attemptId = attempt(year, { work, inMinor, ending: 'unresolved' })
  say(year, 'recycler.resolved', {
    attempt: { attemptId, work, ending: 'done', in: inPieces(inMinor), out: inPieces(0) },
    ...{ variances: [], reason: 'five hundred lay in it' },
  })
  book(year, { inMinor })
  const again = { kind: 'pay_out', amountMinor: inMinor }
  attempt(year, { work: again, outMinor: inMinor, links: { forAttemptId: attemptId } })
  attempt(year, { work: { kind: 'pay_in', amountMinor: 500 }, ending: 'not_done' })
}

/** Notes go out into the safe and into the cash box, which is emptied; what is missing comes out of the safe. */
export function collect(year: Year): void {
  const { machine } = year
  const note = { faceMinor: faces[0]?.faceMinor ?? minor(0), pieces: 5 }
  const worth = note.faceMinor * note.pieces
  for (const to of ['exit', 'cash_box'] as const) {
    machine.seqNo += 1
    const attemptId = uuidv7(year.nowMs, year.chance.bytes(10))
    const about = { attemptId, currency: thb, work: { kind: 'collect', to, pieces: [note] } }
    const seqNo = String(machine.seqNo).padStart(11, '0')
    say(year, 'recycler.started', { ...about, seqNo, before: reported(year) })
    hold(year, 'recycling', -1, worth)
    if (to === 'cash_box') hold(year, 'cash_box', 1, worth)
    say(year, 'recycler.settled', {
      ...{ ...about, ending: 'done', certain: true, because: 'reply' },
      ...{ in: inPieces(0), out: inPieces(worth), after: reported(year) },
    })
    const place = to === 'exit' ? safeOf(year) : boxOf(year)
    moved(year, { from: stockOf(year), to: place, currency: thb, minor: worth })
  }
  const boxed = faces.flatMap(({ faceMinor }) => {
    const pieces = machine.cash_box.get(faceMinor) ?? 0
    return pieces === 0 ? [] : [{ faceMinor, pieces }]
  })
  machine.cash_box.clear()
  const taken = boxed.reduce((all, { faceMinor, pieces }) => all + faceMinor * pieces, 0)
  const cash = [{ currency: thb, minor: taken, pieces: boxed }]
  say(year, 'recycler.emptied', { cash, note: 'by key' })
  moved(year, { from: boxOf(year), to: safeOf(year), currency: thb, minor: taken })
  fill(year)
}

/** A note stuck to another one: the machine says so, and its count of all that it holds is booked. */
export function countMachine(year: Year): void {
  const faceMinor = 2_000
  const held = year.machine.recycling.get(faceMinor) ?? 0
  const line = { unit: 'recycling', currency: thb, faceMinor, expected: held }
  const way = year.chance.one(['over', 'short'] as const)
  year.machine.recycling.set(faceMinor, held + (way === 'over' ? 1 : -1))
  const counted = reported(year)
  const reportedOf = year.machine.recycling.get(faceMinor)
  say(year, 'recycler.differed', { differences: [{ ...line, reported: reportedOf }] })
  const variances = [{ unit: 'recycling', way, cash: inPieces(faceMinor) }]
  say(year, 'recycler.resolved', { counted, variances, reason: 'it counted itself' })
  differs(year, stockOf(year), { currency: thb, minor: way === 'over' ? faceMinor : -faceMinor })
  act(year, server, {
    type: 'recycler.told',
    body: { recyclerId: year.machine.id, condition: { is: 'ready' }, stock: counted },
  })
}
