import type { Counters } from './counters.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Trace } from './trace.ts'

// Lines between children and parents. What travels is bytes, so that they can be cut and bent.

/** How bad a line is. Shares are of messages, in [0, 1]. */
export type Weather = {
  readonly delayMs: readonly [min: number, max: number]
  readonly lost: number
  readonly twice: number
  /** Share that comes so late that later ones overtake it, by up to `lateMs`. */
  readonly late: number
  readonly lateMs: number
  /** Share whose end is cut off. */
  readonly cut: number
  /** Share in which one bit is flipped. */
  readonly bent: number
  /** Infinite where nothing limits it. */
  readonly bytesPerSecond: number
}

export const fairWeather: Weather = {
  delayMs: [1, 20],
  lost: 0,
  twice: 0,
  late: 0,
  lateMs: 0,
  cut: 0,
  bent: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
}

export type Direction = 'up' | 'down'

/** The line of one child to its parent. */
export type Line = {
  readonly name: string
  weather: Weather
  /** Whether bytes pass from the child to the parent, and back. */
  up: boolean
  down: boolean
  /** A line that comes and goes: so long up, so long down. */
  flap: { readonly upMs: number; readonly downMs: number } | undefined
  /** Bytes that are on their way now, and the most there ever were. */
  inFlight: number
  inFlightMax: number
  /** Requests that wait for an answer, and the most that ever did. */
  exchanges: number
  exchangesMax: number
  /** When each direction is free for the next byte. */
  readonly freeAtMs: Record<Direction, number>
  /** Messages that passed whole. */
  delivered: number
}

/** What one message meets, if a scenario wants to decide instead of chance. */
export type Fate =
  | 'lost'
  | 'twice'
  | 'pass'
  | { readonly lateMs: number }
  | { readonly bytes: Uint8Array }
export type Meddler = (message: {
  readonly line: Line
  readonly direction: Direction
  /** `hello`, `push`, `pull`, `poke` and the like. */
  readonly what: string
  readonly bytes: Uint8Array
}) => Fate | undefined

export type Network = {
  /** The line of a child; made when it is asked for first. */
  readonly line: (child: string) => Line
  readonly lines: () => readonly Line[]
  /** Whether anything passes on a line now, in a direction. */
  readonly passes: (line: Line, direction: Direction) => boolean
  /** Carries one message. It arrives once, twice, late, changed or never. */
  readonly carry: (message: {
    readonly line: Line
    readonly direction: Direction
    readonly what: string
    readonly bytes: Uint8Array
    readonly deliver: (bytes: Uint8Array) => void
  }) => void
  /** Decides the fate of messages; `undefined` leaves it to the weather. */
  meddle: Meddler | undefined
}

type Deps = {
  readonly chance: Random
  readonly time: Scheduler
  readonly counters: Counters
  readonly trace: Trace
}

/** A network without lines. */
export function makeNetwork(deps: Deps): Network {
  return new SimNetwork(deps)
}

type Message = Parameters<Network['carry']>[0]

class SimNetwork implements Network {
  meddle: Meddler | undefined
  readonly #deps: Deps
  readonly #lines = new Map<string, Line>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  line(child: string): Line {
    const known = this.#lines.get(child)
    if (known !== undefined) return known
    const made: Line = {
      name: child,
      weather: fairWeather,
      up: true,
      down: true,
      flap: undefined,
      inFlight: 0,
      inFlightMax: 0,
      exchanges: 0,
      exchangesMax: 0,
      freeAtMs: { up: 0, down: 0 },
      delivered: 0,
    }
    this.#lines.set(child, made)
    return made
  }

  lines(): readonly Line[] {
    return [...this.#lines.values()]
  }

  passes({ up, down, flap }: Line, direction: Direction): boolean {
    if (!(direction === 'up' ? up : down)) return false
    if (flap === undefined) return true
    return this.#deps.time.nowMs() % (flap.upMs + flap.downMs) < flap.upMs
  }

  carry(message: Message): void {
    const { chance, counters } = this.#deps
    const { line, direction } = message
    const { weather } = line
    if (!this.passes(line, direction)) {
      const oneWay = line.up !== line.down
      counters.count(line.flap !== undefined ? 'net.flapping' : oneWay ? 'net.one_way' : 'net.down')
      this.#note(message, 'no line')
      return
    }
    const fate = this.meddle?.(message)
    if (fate === 'lost' || (fate === undefined && chance.chance(weather.lost))) {
      counters.count('net.lost')
      this.#note(message, 'lost')
      return
    }
    const twice = fate === 'twice' || (fate === undefined && chance.chance(weather.twice))
    if (twice) counters.count('net.twice')
    for (let copy = 0; copy < (twice ? 2 : 1); copy += 1) this.#send(message, fate)
  }

  #send(message: Message, fate: Fate | undefined): void {
    const { time } = this.#deps
    const { line, direction, bytes, deliver } = message
    const arriving =
      typeof fate === 'object' && 'bytes' in fate ? fate.bytes : this.#mangle(message, fate)
    const ms = this.#travelMs(line, direction, bytes.length) + this.#delayMs(line, fate)
    line.inFlight += arriving.length
    line.inFlightMax = Math.max(line.inFlightMax, line.inFlight)
    time.after(ms, () => {
      line.inFlight -= arriving.length
      // A line that broke meanwhile lost what was on it.
      if (!this.passes(line, direction)) return this.#note(message, 'broke')
      line.delivered += 1
      this.#note(message, 'arrives')
      deliver(arriving)
    })
  }

  #mangle({ line, what, bytes }: Message, fate: Fate | undefined): Uint8Array {
    const { chance, counters } = this.#deps
    const { weather } = line
    if (fate !== undefined || bytes.length === 0) return bytes
    if (chance.chance(weather.cut)) {
      counters.count('net.cut')
      return bytes.slice(0, chance.below(bytes.length))
    }
    if (!isBatch(what) || !chance.chance(weather.bent)) return bytes
    counters.count('net.bent')
    return bend(bytes, chance.below(bytes.length), chance.below(8))
  }

  #delayMs({ weather }: Line, fate: Fate | undefined): number {
    const { chance, counters } = this.#deps
    const given = typeof fate === 'object' && 'lateMs' in fate ? fate.lateMs : 0
    const late = fate === undefined && chance.chance(weather.late)
    const ms = late ? chance.below(weather.lateMs + 1) : given
    if (ms > 0) counters.count('net.late')
    return ms
  }

  #travelMs(line: Line, direction: Direction, size: number): number {
    const { chance, time, counters } = this.#deps
    const { delayMs, bytesPerSecond } = line.weather
    const delay = chance.between(delayMs[0], delayMs[1])
    if (!Number.isFinite(bytesPerSecond)) return delay
    counters.count('net.slow_line')
    const startMs = Math.max(time.nowMs(), line.freeAtMs[direction])
    line.freeAtMs[direction] = startMs + (size * 1_000) / bytesPerSecond
    return line.freeAtMs[direction] - time.nowMs() + delay
  }

  #note({ line, direction, what, bytes }: Message, fate: string): void {
    this.#deps.trace.note(`${line.name} ${direction} ${what} ${bytes.length} ${fate}`)
  }
}

/**
 * Whether a message holds facts. Bits are flipped in those alone: a batch says the hash of what it holds,
 * while a greeting or an acknowledgement trusts the line's own checksums.
 */
export function isBatch(what: string): boolean {
  return what === 'push' || what === 'pull:200'
}

/** The bytes with one bit flipped. */
export function bend(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const bent = bytes.slice()
  bent[at] = (bent[at] ?? 0) ^ (1 << bit)
  return bent
}
