import type { TillDb } from '@tillkeeper/till-app/journal/database.ts'
import type { Volume, Write } from '../world/disk.ts'
import type { Key } from '../world/table.ts'

// As much of IndexedDB as the till asks for, over a simulated disk. Reads see what is committed, writes
// of a transaction come together, and a relaxed transaction is heard of before it is on the platter.

type Range = { readonly lower?: unknown; readonly upper?: unknown }
type Query = string | number | readonly [string, number] | Range | undefined

/** The till makes ranges by the browser's own class; Node has none. */
function provideKeyRange(): void {
  const scope = globalThis as { IDBKeyRange?: unknown }
  scope.IDBKeyRange ??= {
    bound: (lower: unknown, upper: unknown): Range => ({ lower, upper }),
    only: (value: unknown): Range => ({ lower: value, upper: value }),
    upperBound: (upper: unknown): Range => ({ upper }),
    lowerBound: (lower: unknown): Range => ({ lower }),
  }
}

/** Where each store finds the key in its rows; `kept` is given one. */
const keyPaths: Readonly<Record<string, readonly string[]>> = {
  stream: ['stream'],
  ack: ['stream'],
  fact: ['stream', 'seq'],
  forked_fact: ['stream', 'seq'],
  receipt: ['stream'],
  document: ['id'],
  feed: ['stream'],
  feed_batch: ['stream', 'from'],
  snapshot: ['stream'],
  unlock: ['staffId'],
}

/** A till's database on a volume. */
export function openTillDbOn(volume: Volume): TillDb {
  provideKeyRange()
  const select = (store: string, query: Query, countMax = Number.POSITIVE_INFINITY): unknown[] => {
    if (query === undefined) return volume.all(store).slice(0, countMax)
    if (isRange(query)) return selectRange(volume, store, query, countMax)
    const row = volume.get(store, keyOf(query))
    return row === undefined ? [] : [row]
  }
  const selectIndexed = (
    store: string,
    index: string,
    query: Query,
    countMax?: number,
  ): unknown[] => {
    const range = isRange(query) ? query : { lower: query, upper: query }
    return volume
      .all(store)
      .filter((row) => inside(field(row, index), range))
      .sort((a, b) => (compare(field(a, index), field(b, index)) ? -1 : 1))
      .slice(0, countMax)
  }
  const db = {
    get: async (store: string, query: Query) => select(store, query)[0],
    getAll: async (store: string, query?: Query, countMax?: number) =>
      select(store, query, countMax),
    getAllFromIndex: async (store: string, index: string, query: Query, countMax?: number) =>
      selectIndexed(store, index, query, countMax),
    getFromIndex: async (store: string, index: string, query: Query) =>
      selectIndexed(store, index, query, 1)[0],
    put: (store: string, value: unknown, key?: string) =>
      volume.commit([write(store, value, key)], { strict: false }),
    delete: (store: string, query: Query) =>
      volume.commit(deletions(volume, store, query), { strict: false }),
    transaction: (
      names: string | readonly string[],
      _mode: string,
      options?: { durability?: string },
    ) => transact({ volume, select, selectIndexed }, names, options?.durability === 'strict'),
    close: () => {},
  }
  // The till's types speak of the whole of IndexedDB; what it calls is here.
  return db as unknown as TillDb
}

type Selecting = {
  readonly volume: Volume
  readonly select: (store: string, query: Query, countMax?: number) => unknown[]
  readonly selectIndexed: (
    store: string,
    index: string,
    query: Query,
    countMax?: number,
  ) => unknown[]
}

function transact(
  { volume, select, selectIndexed }: Selecting,
  names: string | readonly string[],
  strict: boolean,
) {
  const writes: Write[] = []
  let done: Promise<void> | undefined
  const store = (name: string) => ({
    put: async (value: unknown, key?: string) => void writes.push(write(name, value, key)),
    add: async (value: unknown, key?: string) =>
      void writes.push({ ...write(name, value, key), add: true }),
    delete: async (query: Query) => void writes.push(...deletions(volume, name, query)),
    get: async (query: Query) => select(name, query)[0],
    getAll: async (query?: Query, countMax?: number) => select(name, query, countMax),
    index: (index: string) => ({
      getAll: async (query: Query, countMax?: number) =>
        selectIndexed(name, index, query, countMax),
    }),
  })
  return {
    objectStore: store,
    store: store(typeof names === 'string' ? names : (names[0] ?? '')),
    abort: () => {
      writes.length = 0
    },
    // A transaction commits once nothing more is asked of it: all requests stand before `done`.
    get done(): Promise<void> {
      done ??= Promise.resolve().then(() =>
        writes.length === 0 ? undefined : volume.commit(writes, { strict }),
      )
      return done
    },
  }
}

function write(store: string, value: unknown, key?: string): Write {
  const path = keyPaths[store]
  if (path === undefined) return { table: store, key: [key ?? '', 0], value }
  const [group, at] = path.map((name) => field(value, name))
  return { table: store, key: [String(group), at === undefined ? 0 : Number(at)], value }
}

function deletions(volume: Volume, store: string, query: Query): Write[] {
  if (!isRange(query)) return [{ table: store, key: keyOf(query), value: undefined }]
  return selectRange(volume, store, query, Number.POSITIVE_INFINITY).map((row) => ({
    ...write(store, row),
    value: undefined,
  }))
}

function selectRange(volume: Volume, store: string, range: Range, countMax: number): unknown[] {
  const [lower, upper] = [range.lower, range.upper] as readonly (
    | readonly [string, number]
    | undefined
  )[]
  if (lower === undefined || upper === undefined || lower[0] !== upper[0]) {
    throw new Error('ranges of this store are of one name')
  }
  return volume.range(store, lower[0], lower[1], upper[1], countMax)
}

function keyOf(query: Query): Key {
  if (Array.isArray(query)) return [String(query[0]), Number(query[1])]
  return [String(query), 0]
}

function isRange(query: Query): query is Range {
  return typeof query === 'object' && !Array.isArray(query)
}

function field(row: unknown, name: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[name]
}

function inside(value: unknown, { lower, upper }: Range): boolean {
  if (value === undefined) return false
  return (
    (lower === undefined || !compare(value, lower)) &&
    (upper === undefined || !compare(upper, value))
  )
}

/** Whether `a` stands before `b`. */
function compare(a: unknown, b: unknown): boolean {
  return (a as string) < (b as string)
}
