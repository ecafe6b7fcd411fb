import { orderPieces, type Pieces, sumPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { RestCash } from './rest-cash.ts'

// What a polled machine does with money: it takes until the amount is reached, gives the change as well as it can,
// and keeps a record of one transaction. It keeps what it owes: that is how the real one is.

type Transaction = {
  readonly kind: 'payment' | 'withdrawal'
  readonly reference: string
  readonly requestedMinor: Minor
  phase: 'waiting' | 'giving' | 'ended'
  readonly inserted: Map<Minor, number>
  readonly dispensed: Map<Minor, number>
  /** The faces that are still to be given. */
  plan: Minor[]
  owedMinor: Minor
  end: 'normal' | 'canceled' | 'stopped'
}

type PlayOptions = {
  readonly cash: RestCash
  readonly tellsPieces: boolean
  readonly after: (ms: number, then: () => void) => () => void
  readonly giveMs: number
}

const [busy, notActive] = [4, 13]
const jammed = 31

const worth = (pieces: ReadonlyMap<Minor, number>) => sumPieces(listed(pieces))
const listed = (pieces: ReadonlyMap<Minor, number>): Pieces =>
  orderPieces([...pieces].map(([faceMinor, count]) => ({ faceMinor, pieces: count })))
const addOne = (pieces: Map<Minor, number>, face: Minor) =>
  pieces.set(face, (pieces.get(face) ?? 0) + 1)

export class RestPlay {
  readonly cash: RestCash
  /** References in the order of their starts: each stands once, or somebody said a start twice. */
  readonly begun: string[] = []
  readonly #options: PlayOptions
  readonly #believed = new Map<Minor, number>()
  #current: Transaction | undefined
  /** The last that ended, while the next one runs. */
  #record: Transaction | undefined
  #jamIn: number | undefined
  #errorCode = 0

  constructor(options: PlayOptions) {
    this.#options = options
    this.cash = options.cash
  }

  get isIdle(): boolean {
    return this.#current === undefined || this.#current.phase === 'ended'
  }

  /** What it refuses with, or nothing. */
  start(kind: Transaction['kind'], amountMinor: Minor, reference: string): number | undefined {
    if (this.#errorCode !== 0) return notActive
    if (!this.isIdle) return busy
    this.begun.push(reference)
    this.#record = this.#current
    const none = { inserted: new Map(), dispensed: new Map(), plan: [], owedMinor: minor(0) }
    const asked = { kind, reference, requestedMinor: amountMinor }
    this.#current = { ...asked, ...none, phase: 'waiting', end: 'normal' }
    if (kind === 'withdrawal') this.#giveAll(this.#current, amountMinor, 'normal')
    return undefined
  }

  /** Whether there was something to cancel. */
  cancel(): boolean {
    const current = this.#current
    if (current?.kind !== 'payment' || current.phase !== 'waiting') return false
    this.#giveAll(current, worth(current.inserted), 'canceled')
    return true
  }

  /** The customer's hand: a piece goes in, or comes back because nobody waits for it. */
  insert(faceMinor: Minor): boolean {
    const current = this.#current
    if (current?.kind !== 'payment' || current.phase !== 'waiting') return false
    if (!this.cash.takeIn(faceMinor)) return false
    addOne(current.inserted, faceMinor)
    const overMinor = worth(current.inserted) - current.requestedMinor
    if (overMinor >= 0) this.#giveAll(current, minor(overMinor), 'normal')
    return true
  }

  /** Work breaks off where it is: what was not given is owed. */
  breakOff(): void {
    if (this.#current !== undefined && !this.isIdle) end(this.#current, 'stopped')
  }

  /** The next giving stops after so many pieces. */
  jamAfter(pieces: number): void {
    this.#jamIn = pieces
  }

  mend(): void {
    this.#errorCode = 0
  }

  /** It believes in more or fewer pieces of a face than it has. */
  misbelieve(faceMinor: Minor, by: number): void {
    this.#believed.set(faceMinor, by)
  }

  get errorCode(): number {
    return this.#errorCode
  }

  /** What it says that it can give again of a face. */
  believes(faceMinor: Minor): number {
    return Math.max(0, this.cash.recycling(faceMinor) + (this.#believed.get(faceMinor) ?? 0))
  }

  /** Work under way as its customer sees it. */
  seen() {
    const current = this.#current
    if (current === undefined || this.isIdle) return undefined
    const { kind, reference, requestedMinor, inserted, dispensed } = current
    return {
      ...{ reference, requestedMinor },
      kind: kind === 'payment' ? ('pay_in' as const) : ('pay_out' as const),
      phase: current.phase === 'waiting' ? ('waiting' as const) : ('dispensing' as const),
      ...{ taken: Object.fromEntries(inserted), given: Object.fromEntries(dispensed) },
    }
  }

  active(): unknown {
    if (this.#current === undefined || this.isIdle) return { operation: 'idle' }
    return told(this.#current, this.#current.kind)
  }

  last(): unknown {
    const record = this.isIdle ? this.#current : this.#record
    if (record === undefined) return {}
    const { inserted, dispensed, owedMinor, kind, end: how } = record
    const pieces = this.#options.tellsPieces && {
      denominationsInserted: toldPieces(inserted),
      denominationsDispensed: toldPieces(dispensed),
    }
    return { ...told(record, kind), notDispensed: owedMinor, end: how, ...pieces }
  }

  levels(): unknown {
    const { currency, faces } = this.cash.plan
    return faces.flatMap(({ faceMinor, maxPieces }) => {
      const face = { type: faceMinor >= 2_000 ? 'note' : 'coin', currency, value: faceMinor }
      const level = this.believes(faceMinor)
      const boxed = this.cash.boxed(faceMinor)
      const box = { ...face, level: boxed, maxLevel: 0, floatLevel: 0, routing: 'cashbox' }
      const own = { ...face, level, maxLevel: maxPieces, floatLevel: 0, routing: 'recycler' }
      return maxPieces === 0 ? [box] : [box, own]
    })
  }

  info(): unknown {
    const errorMessage = this.#errorCode === 0 ? '' : 'Jam in the exit'
    return { errorCode: this.#errorCode, errorMessage, model: 'simulator' }
  }

  #giveAll(transaction: Transaction, amountMinor: Minor, how: Transaction['end']): void {
    transaction.phase = 'giving'
    transaction.plan = [...this.cash.planOut(amountMinor)]
    this.#options.after(this.#options.giveMs, () => this.#give(transaction, how))
  }

  #give(transaction: Transaction, how: Transaction['end']): void {
    if (transaction.phase === 'ended') return
    const face = transaction.plan.shift()
    if (face === undefined || this.#jamIn === 0) {
      if (face !== undefined) this.#errorCode = jammed
      this.#jamIn = undefined
      end(transaction, face === undefined ? how : 'stopped')
      return
    }
    if (this.#jamIn !== undefined) this.#jamIn -= 1
    if (this.cash.giveOne(face)) addOne(transaction.dispensed, face)
    this.#options.after(this.#options.giveMs, () => this.#give(transaction, how))
  }
}

function end(transaction: Transaction, how: Transaction['end']): void {
  const { kind, requestedMinor, inserted, dispensed } = transaction
  const paid = kind === 'payment' && how === 'normal' ? requestedMinor : 0
  const asked = kind === 'withdrawal' ? requestedMinor : 0
  transaction.phase = 'ended'
  transaction.end = how
  transaction.owedMinor = minor(Math.max(0, worth(inserted) - paid + asked - worth(dispensed)))
}

function told({ requestedMinor, reference, inserted, dispensed }: Transaction, operation: string) {
  const amounts = { inserted: worth(inserted), dispensed: worth(dispensed) }
  return { operation, reference, requested: requestedMinor, ...amounts, firmware: '1.0' }
}

const toldPieces = (pieces: ReadonlyMap<Minor, number>) =>
  listed(pieces).map(({ faceMinor, pieces: quantity }) => ({ value: faceMinor, quantity }))
