import type { Attempt, Stock } from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { Settled, StockDifference } from '@tillkeeper/devices/cash-recycler/settle-attempt.ts'
import { pieceOf } from '@tillkeeper/devices/cash-recycler/simulator/held-money.ts'
import type { Machine } from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import { miscounts, untrue } from './faults.ts'

// Compares what a machine really holds with what a shop believes and was told.

export type Noted = {
  readonly attempt: Attempt
  /** What the machine really held, and what had gone wrong by then. */
  readonly truth: ReadonlyMap<number, number>
  readonly fired: Readonly<Record<string, number>>
}
export type Ended = {
  readonly attempt: Attempt
  readonly settled: Settled
  readonly differences: readonly StockDifference[]
  readonly after: Stock | undefined
}

export type Run = {
  readonly seed: number
  readonly noted: readonly Noted[]
  readonly ended: readonly Ended[]
  readonly start: ReadonlyMap<number, number>
  readonly end: ReadonlyMap<number, number>
  /** The stock that was read once a person had put the machine right. */
  readonly last: Stock | undefined
  readonly fired: Readonly<Record<string, number>>
  readonly stuck: string
  readonly lines: readonly string[]
}

export type Played = {
  readonly seed: number
  /** Money that no certain end, no open task and no told difference speaks of. */
  readonly unaccountedMinor: number
  /** Attempts left to a person, each with what is known of it. */
  readonly unresolved: readonly string[]
  readonly fired: Readonly<Record<string, number>>
  readonly certain: number
  /** What is wrong, in words. */
  readonly why: readonly string[]
  readonly lines: readonly string[]
}

const outer = new Set(['outside', 'exit', 'reject'])

/** Every piece inside the machine by face, wherever it lies. */
export function truthOf({ held }: Machine): ReadonlyMap<number, number> {
  const faces = new Map<number, number>()
  for (const [place, bag] of Object.entries(held)) {
    if (outer.has(place)) continue
    for (const [kind, count] of Object.entries(bag)) {
      const { faceMinor } = pieceOf(kind)
      faces.set(faceMinor, (faces.get(faceMinor) ?? 0) + count)
    }
  }
  return faces
}

type Faces = ReadonlyMap<number, number>

function minus(a: Faces, b: Faces): Faces {
  const faces = [...new Set([...a.keys(), ...b.keys()])]
  return new Map(
    faces
      .map((face) => [face, (a.get(face) ?? 0) - (b.get(face) ?? 0)] as const)
      .filter(([, pieces]) => pieces !== 0),
  )
}

const worth = (faces: Faces): number =>
  [...faces].reduce((sum, [face, pieces]) => sum + face * Math.abs(pieces), 0)
const text = (faces: Faces): string =>
  [...faces].map(([face, pieces]) => `${pieces}×${face}`).join(' ') || 'nothing'

/** What an end books into the machine: a collection into its own box stays inside. */
function booked({ attempt: { work }, settled }: Ended): Faces {
  const inside = work.kind === 'collect' && work.to === 'cash_box'
  const net = new Map<number, number>()
  if (inside || !settled.certain) return net
  for (const { faceMinor, pieces } of settled.in) net.set(faceMinor, pieces)
  for (const { faceMinor, pieces } of settled.out) {
    net.set(faceMinor, (net.get(faceMinor) ?? 0) - pieces)
  }
  return net
}

const heldBy = (stock: Stock): Faces => {
  const faces = new Map<number, number>()
  for (const { faceMinor, pieces } of stock) {
    faces.set(faceMinor, (faces.get(faceMinor) ?? 0) + pieces)
  }
  return faces
}

/**
 * Every piece that really moved is booked by a certain end, or moved while an attempt was under way that a person
 * is told to look at, or is a difference that the shop was told of, after a fault that makes a machine's word
 * untrue. What the machine says in the end has to be the truth.
 */
export function balance(run: Run): Played {
  const { noted, ended, end, last, lines, seed } = run
  const why: string[] = run.stuck === '' ? [] : [`stuck: ${run.stuck}`]
  const unresolved: string[] = []
  let unaccountedMinor = 0
  let certain = 0
  const miss = (faces: Faces, about: string) => {
    if (faces.size === 0) return
    unaccountedMinor += worth(faces)
    why.push(`${about}: ${text(faces)}`)
  }

  miss(minus(noted[0]?.truth ?? end, run.start), 'moved before any work')
  if (last === undefined) why.push('the machine could not be put right')
  else miss(minus(minus(heldBy(last), end), new Map()), 'counted, and not there')

  for (const [nth, { attempt, truth }] of noted.entries()) {
    const next = noted[nth + 1]
    const really = minus(next?.truth ?? end, truth)
    const one = ended.find((other) => other.attempt.attemptId === attempt.attemptId)
    if (one?.settled.certain !== true) {
      const said = one === undefined ? 'no end' : JSON.stringify(one.settled)
      unresolved.push(`${attempt.seqNo} ${attempt.work.kind}: ${said}`)
      continue
    }
    certain += 1
    if (one.settled.ending === 'unresolved')
      unresolved.push(`${attempt.seqNo}: ${one.settled.code}`)
    const wrong = minus(really, booked(one))
    const fired = next?.fired ?? run.fired
    const before = noted[nth]?.fired ?? {}
    const since = one.settled.because === 'reply' ? before : {}
    // A misbooked face excuses no reply: what it counts as it goes is true.
    const untold = (one.settled.because === 'reply' ? miscounts : untrue).every(
      (kind) => (fired[kind] ?? 0) === (since[kind] ?? 0),
    )
    const told = new Set([
      ...one.differences.map(({ faceMinor }): number => faceMinor),
      // What is counted later and is not what the books make of it is told as well.
      ...(last === undefined ? [] : minus(heldBy(last), bookedBy(run)).keys()),
    ])
    const silent = [...wrong].filter(([face]) => untold || !told.has(face))
    miss(new Map(silent), `${attempt.seqNo} ${JSON.stringify(one.settled)} really ${text(really)}`)
  }
  return { seed, unaccountedMinor, unresolved, fired: run.fired, certain, why, lines }
}

/** What the shop's books hold in the end, once a person has found out what the open attempts moved. */
function bookedBy({ start, ended, noted, end }: Run): Faces {
  const faces = new Map(start)
  for (const [nth, { attempt, truth }] of noted.entries()) {
    const one = ended.find((other) => other.attempt.attemptId === attempt.attemptId)
    const really = minus(noted[nth + 1]?.truth ?? end, truth)
    for (const [face, pieces] of one?.settled.certain === true ? booked(one) : really) {
      faces.set(face, (faces.get(face) ?? 0) + pieces)
    }
  }
  return faces
}
