import { orderPieces, type Pieces, sumPieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { expect, vi } from 'vitest'
import type { Attempt, Capabilities, Driver, DriverPorts, Work } from '../contract.ts'
import type { RecyclerEffect } from '../recycler-state.ts'
import { type Order, type RecyclerNews, runRecycler } from '../run-recycler.ts'

// A machine on a bench, under a runner and a journal: what contract-suite.ts puts every driver through.

/**
 * One driver over its simulator, with the hands of a customer and of a person with a key. The machine gives change
 * for any whole amount until it is told otherwise, and takes every note and coin of its currency.
 */
export type Bench = {
  readonly currency: Currency
  /** Opens the driver as a store does; again after `close`, as the next life of a process. */
  readonly openDriver: (ports: DriverPorts) => Driver
  /** The clock that the driver and the runner share; it may run fast. */
  readonly after: (ms: number, then: () => void) => () => void
  /** A piece from the customer's hand; `false` where the machine did not keep it: it is held out again. */
  readonly insert: (faceMinor: Minor) => boolean
  /** What the machine really holds, in all its parts: its own truth, and no word of its protocol. */
  readonly holds: () => Pieces
  /** The numbers of attempts that it began, in order: one that stands twice was started twice. */
  readonly begun: () => readonly string[]
  readonly breaks: Breaks
  readonly close: () => Promise<void>
}

/** What goes wrong when it is told to. */
export type Breaks = {
  /** The next start gets no answer; it came to the machine or not. */
  readonly loseStart: (when: 'heard' | 'unheard') => void
  /** How the work under way ends is not told: the line breaks at that word. */
  readonly loseEnd: () => void
  readonly setLine: (up: boolean) => void
  /** Another is at work with the machine; and is done. */
  readonly occupy: (by: boolean) => void
  /** A person takes out all that change could be made of. */
  readonly takeChange: () => void
  /** It believes in one piece of the face more than it holds, from now on. */
  readonly misbelieve: (faceMinor: Minor) => void
}

/** Long enough for a machine that does ten other things; nothing waits for it while all is well. */
const waitMaxMs = 25_000
const waitFor = (claim: () => void) => vi.waitFor(claim, { timeout: waitMaxMs, interval: 5 })

type Ended = Extract<RecyclerEffect, { type: 'ended' }>

/** What a store keeps of a machine through all lives of its process. */
export type Journal = { readonly noted: Attempt[]; readonly ended: Ended[] }
export const emptyJournal = (): Journal => ({ noted: [], ended: [] })

let numbers = 0

/** One life of a process with a machine. */
export class Life {
  readonly bench: Bench
  readonly journal: Journal
  readonly news: RecyclerNews[] = []
  readonly #recycler: ReturnType<typeof runRecycler>

  /** `hangs`: the process dies at this write, which is on the disk or not (`lost`). */
  constructor(bench: Bench, journal: Journal, hangs?: 'note' | 'conclude lost') {
    this.bench = bench
    this.journal = journal
    const never = new Promise<void>(() => {})
    const open = journal.noted.find(
      ({ attemptId }) => !journal.ended.some(({ attempt }) => attempt.attemptId === attemptId),
    )
    this.#recycler = runRecycler({
      open,
      openDriver: bench.openDriver,
      note: (attempt) => {
        journal.noted.push(attempt)
        return hangs === 'note' ? never : Promise.resolve()
      },
      conclude: (ended) => {
        if (hangs === 'conclude lost') return never
        journal.ended.push(ended)
        return Promise.resolve()
      },
      tell: (news) => this.news.push(news),
      trace: () => {},
      after: bench.after,
    })
  }

  order(order: Order): void {
    this.#recycler.order(order)
  }

  get at() {
    return this.#recycler.state().at
  }

  async until(at: ReturnType<typeof this.state>['at']): Promise<void> {
    await waitFor(() => expect(this.at).toBe(at))
  }

  state() {
    return this.#recycler.state()
  }

  /** The process ends, as one that is killed: the machine is told nothing. */
  async kill(): Promise<void> {
    await this.#recycler.close()
  }

  capabilities(): Capabilities {
    const known = this.news.find((news) => news.type === 'capabilities')
    if (known === undefined) throw new Error('no capabilities were told')
    return known.capabilities
  }

  /** Begins work on a machine at rest, and answers with its number. */
  async begin(work: Work): Promise<string> {
    await this.until('idle')
    numbers += 1
    const seqNo = String(numbers).padStart(11, '0')
    const attemptId = `attempt ${numbers}`
    const attempt = { attemptId, seqNo, currency: this.bench.currency, work, before: [] }
    this.order({ type: 'work', attempt })
    return seqNo
  }

  /** Begins work, again and again with a new number, until a machine that is busy has done with others. */
  async beginWhenFree(work: Work): Promise<string> {
    for (;;) {
      const refusals = this.#refusals()
      const seqNo = await this.begin(work)
      const ended = () => this.journal.ended.some(({ attempt }) => attempt.seqNo === seqNo)
      const decided = () => this.at === 'working' || ended() || this.#refusals() > refusals
      await waitFor(() => expect(decided()).toBe(true))
      if (this.at === 'working') return seqNo
    }
  }

  #refusals(): number {
    return this.news.filter(({ type }) => type === 'refuse').length
  }

  /** The customer holds pieces out until the machine has them. */
  async insert(...faces: readonly number[]): Promise<void> {
    for (const face of faces) {
      await waitFor(() => expect(this.bench.insert(minor(face))).toBe(true))
    }
  }

  /** How the attempt ended, once the journal has it. */
  async end(seqNo: string): Promise<Ended> {
    const find = () => this.journal.ended.find(({ attempt }) => attempt.seqNo === seqNo)
    await waitFor(() => expect(find(), `${seqNo} while ${this.at}`).toBeDefined())
    const ended = find()
    if (ended === undefined) throw new Error('it was there a moment ago')
    return ended
  }
}

/** What is in the second and not in the first, by face: fewer pieces are below zero. */
export function movedIn(before: Pieces, after: Pieces): Map<Minor, number> {
  const net = new Map<Minor, number>()
  const add = (pieces: Pieces, sign: number) => {
    for (const { faceMinor, pieces: count } of pieces) {
      net.set(faceMinor, (net.get(faceMinor) ?? 0) + sign * count)
    }
  }
  add(after, 1)
  add(before, -1)
  return new Map([...net].filter(([, count]) => count !== 0).sort(([a], [b]) => b - a))
}

/** That what the journal says moved is what did move, piece by piece. */
export function expectTrue({ settled }: Ended, before: Pieces, after: Pieces): void {
  expect(settled.certain).toBe(true)
  expect(movedIn(settled.out, settled.in)).toEqual(movedIn(before, after))
}

export const keptMinor = ({ settled }: Ended): number =>
  sumPieces(settled.in) - sumPieces(settled.out)

/** The stock of an idle machine by face, as the driver read it. */
export function readStock(life: Life): Pieces {
  const state = life.state()
  if (state.at !== 'idle') throw new Error(`no stock while ${state.at}`)
  const faces = new Map<Minor, number>()
  for (const { faceMinor, pieces } of state.stock) {
    faces.set(faceMinor, (faces.get(faceMinor) ?? 0) + pieces)
  }
  return orderPieces([...faces].map(([faceMinor, pieces]) => ({ faceMinor, pieces })))
}
