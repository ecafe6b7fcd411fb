import type { Counters } from './counters.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import { type Key, makeTable, type Table } from './table.ts'

// A node's disk, with what IndexedDB and PostgreSQL promise of it and no more: a transaction is whole or
// not there; a strict one is on the platter when its caller hears so; a relaxed one is heard of at once
// and lost if the power goes before the next flush; what is lost is always a last part of what was
// committed.

export type Write = {
  readonly table: string
  readonly key: Key
  /** `undefined` deletes. */
  readonly value: unknown
  /** The transaction fails if the row is there. */
  readonly add?: boolean
}

/** A disk as one running process sees it. After a crash none of its promises ever ends. */
export type Volume = {
  readonly get: (table: string, key: Key) => unknown
  readonly range: Table['range'] extends (...args: infer Args) => infer Rows
    ? (table: string, ...args: Args) => Rows
    : never
  readonly all: (table: string) => unknown[]
  readonly groups: (table: string) => readonly string[]
  /** Commits all, or throws and commits nothing. */
  readonly commit: (writes: readonly Write[], how: { readonly strict: boolean }) => Promise<void>
}

/** What the disk holds, frozen: a backup, or an image to clone. */
export type Image = ReadonlyMap<string, Table>

export type DiskOp = { readonly index: number; readonly when: 'before' | 'after' }

export type Disk = {
  /** For a process that begins. What mounted before sees the disk no more. */
  readonly mount: () => Volume
  /** A process ends at once: what the system has buffered is written later. */
  readonly kill: () => void
  /** The power goes: what was not flushed may be lost, from some point on. */
  readonly cutPower: (lose?: 'some' | 'all') => void
  /** Reads without being a process: for checkers. */
  readonly peek: Volume['get']
  readonly peekRange: Volume['range']
  readonly peekAll: Volume['all']
  readonly peekGroups: Volume['groups']
  /** What would be read after a power cut that loses all that may be lost. */
  readonly peekDurable: Volume['get']
  /** Changes a row behind everybody's back: bit rot, or somebody's hand. */
  readonly rot: (table: string, key: Key, change: (value: unknown) => unknown) => void
  readonly image: () => Image
  readonly restore: (image: Image) => void
  readonly wipe: () => void
  /** Set: every commit fails for lack of space. */
  full: boolean
  /** How long a commit takes. */
  latencyMs: readonly [min: number, max: number]
  /** Hears before and after each commit; may crash the node. */
  onOp: ((op: DiskOp) => void) | undefined
  /** Hears of each row that a commit brings, at its asking. */
  onWrite: ((write: Write) => void) | undefined
  readonly commits: () => number
}

type Undo = { readonly table: string; readonly key: Key; readonly before: unknown }
type Waiting = {
  readonly writes: readonly Write[]
  readonly strict: boolean
  readonly settle: (error?: Error) => void
  cancel: () => void
}

const flushMs = [50, 5_000] as const

export class DiskFull extends Error {
  override name = 'QuotaExceededError'
}
export class RowIsThere extends Error {
  override name = 'ConstraintError'
}

type Deps = { readonly chance: Random; readonly time: Scheduler; readonly counters: Counters }

/** An empty disk. */
export function makeDisk(deps: Deps): Disk {
  return new SimDisk(deps)
}

class SimDisk implements Disk {
  full = false
  latencyMs: Disk['latencyMs'] = [1, 4]
  onOp: Disk['onOp'] = undefined
  onWrite: Disk['onWrite'] = undefined
  readonly #deps: Deps
  #tables = new Map<string, Table>()
  #mounted = 0
  #ops = 0
  #waiting: Waiting[] = []
  #unflushed: (readonly Undo[])[] = []

  constructor(deps: Deps) {
    this.#deps = deps
  }

  commits(): number {
    return this.#ops
  }
  peek: Disk['peek'] = (name, key) => this.#table(name).get(key)
  peekRange: Disk['peekRange'] = (name, ...args) => this.#table(name).range(...args)
  peekAll: Disk['peekAll'] = (name) => this.#table(name).all()
  peekGroups: Disk['peekGroups'] = (name) => this.#table(name).groups()

  peekDurable(name: string, key: Key): unknown {
    for (const undos of this.#unflushed) {
      const first = undos.find((each) => each.table === name && sameKey(each.key, key))
      if (first !== undefined) return first.before
    }
    return this.peek(name, key)
  }

  mount(): Volume {
    this.#unmount()
    const mount = this.#mounted
    return {
      get: this.peek,
      range: this.peekRange,
      all: this.peekAll,
      groups: this.peekGroups,
      commit: (writes, { strict }) => this.#commit(mount, writes, strict),
    }
  }

  kill(): void {
    // What was being committed got there, or did not.
    const half = this.#unmount()
    if (half === undefined) return
    if (this.#deps.chance.chance(0.5)) this.#apply(half.writes)
    else this.#deps.counters.count('disk.torn_commit')
  }

  cutPower(lose: 'some' | 'all' = 'some'): void {
    const { chance, counters } = this.#deps
    const half = this.#unmount()
    if (half !== undefined) {
      const there = half.strict && lose === 'some' && chance.chance(0.5)
      if (!there) counters.count('disk.torn_commit')
      else if (this.#apply(half.writes) === undefined) this.#flush()
    }
    const kept = lose === 'all' ? 0 : chance.below(this.#unflushed.length + 1)
    const lost = this.#unflushed.slice(kept)
    if (lost.length > 0) counters.count('disk.lost_unflushed')
    for (const undos of lost.toReversed()) {
      for (const { table, key, before } of undos.toReversed()) this.#table(table).set(key, before)
    }
    this.#flush()
  }

  rot(name: string, key: Key, change: (value: unknown) => unknown): void {
    this.#table(name).set(key, change(this.peek(name, key)))
  }

  image(): Image {
    return new Map([...this.#tables].map(([name, held]) => [name, held.copy()]))
  }

  restore(image: Image): void {
    this.wipe()
    this.#tables = new Map([...image].map(([name, held]) => [name, held.copy()]))
    this.#deps.counters.count('disk.restored')
  }

  wipe(): void {
    this.#unmount()
    this.#flush()
    this.#tables = new Map()
  }

  #table(name: string): Table {
    const known = this.#tables.get(name)
    if (known !== undefined) return known
    const made = makeTable()
    this.#tables.set(name, made)
    return made
  }

  #flush(): void {
    this.#unflushed = []
  }

  #unmount(): Waiting | undefined {
    this.#mounted += 1
    const [first] = this.#waiting
    first?.cancel()
    this.#waiting = []
    return first
  }

  #apply(writes: readonly Write[]): Error | undefined {
    const taken = writes.find(
      ({ add, table, key }) => add === true && this.peek(table, key) !== undefined,
    )
    if (taken !== undefined) return new RowIsThere(`${taken.table} ${taken.key.join(' ')}`)
    this.#unflushed.push(
      writes.map(({ table, key, value }) => {
        const before = this.peek(table, key)
        this.#table(table).set(key, value)
        return { table, key, before }
      }),
    )
    return undefined
  }

  #commit(mount: number, writes: readonly Write[], strict: boolean): Promise<void> {
    // A process that was ended writes no more, and never hears of it.
    if (mount !== this.#mounted) return new Promise(() => {})
    if (this.full) {
      this.#deps.counters.count('disk.full')
      return Promise.reject(new DiskFull('no space'))
    }
    for (const write of writes) this.onWrite?.(write)
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        if (mount !== this.#mounted) return
        if (error === undefined) resolve()
        else reject(error)
      }
      this.#waiting.push({ writes, strict, settle, cancel: () => {} })
      if (this.#waiting.length === 1) this.#startNext()
    })
  }

  #startNext(): void {
    const { chance, time } = this.#deps
    const next = this.#waiting[0]
    if (next === undefined) return
    const mount = this.#mounted
    this.#hear('before')
    if (mount !== this.#mounted) return
    next.cancel = time.after(chance.between(...this.latencyMs), () => {
      const error = this.full ? new DiskFull('no space') : this.#apply(next.writes)
      if (error === undefined) {
        if (next.strict) this.#flush()
        else this.#flushLater()
        this.#hear('after')
        if (mount !== this.#mounted) return
      }
      this.#waiting.shift()
      next.settle(error)
      this.#startNext()
    })
  }

  // A flush takes with it what was committed up to now, and nothing later.
  #flushLater(): void {
    const { chance, time } = this.#deps
    const last = this.#unflushed.at(-1)
    time.after(chance.between(...flushMs), () => {
      const at = last === undefined ? -1 : this.#unflushed.indexOf(last)
      if (at >= 0) this.#unflushed = this.#unflushed.slice(at + 1)
    })
  }

  #hear(when: DiskOp['when']): void {
    this.#ops += 1
    this.onOp?.({ index: this.#ops, when })
  }
}

function sameKey(a: Key, b: Key): boolean {
  return a[0] === b[0] && a[1] === b[1]
}
