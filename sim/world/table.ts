/** A row's key: a name, and a position within it. Rows without a position stand at 0. */
export type Key = readonly [group: string, at: number]

type Group = { readonly values: Map<number, unknown>; min: number; max: number }

/** Rows by key. Values are never changed in place, so a copy of the rows is a copy of the table. */
export type Table = {
  readonly get: (key: Key) => unknown
  /** Sets a row; `undefined` deletes it. */
  readonly set: (key: Key, value: unknown) => void
  /** Rows of one name between two positions, in order. */
  readonly range: (group: string, from: number, to: number, countMax?: number) => unknown[]
  /** All rows, in the order of their keys. */
  readonly all: () => unknown[]
  readonly groups: () => readonly string[]
  readonly copy: () => Table
  readonly clearGroup: (group: string) => void
}

export function makeTable(groups: Map<string, Group> = new Map()): Table {
  const set = ([name, at]: Key, value: unknown): void => {
    let group = groups.get(name)
    if (value === undefined) {
      if (group === undefined || !group.values.delete(at)) return
      if (group.values.size === 0) groups.delete(name)
      else {
        while (!group.values.has(group.min)) group.min += 1
        while (!group.values.has(group.max)) group.max -= 1
      }
      return
    }
    if (group === undefined) {
      group = { values: new Map(), min: at, max: at }
      groups.set(name, group)
    }
    group.values.set(at, value)
    if (at < group.min) group.min = at
    if (at > group.max) group.max = at
  }
  const range = (name: string, from: number, to: number, countMax = Number.POSITIVE_INFINITY) => {
    const found: unknown[] = []
    const group = groups.get(name)
    if (group === undefined) return found
    const last = Math.min(to, group.max)
    for (let at = Math.max(from, group.min); at <= last && found.length < countMax; at += 1) {
      const value = group.values.get(at)
      if (value !== undefined) found.push(value)
    }
    return found
  }
  const names = () => [...groups.keys()].sort()
  return {
    get: ([name, at]) => groups.get(name)?.values.get(at),
    set,
    range,
    all: () =>
      names().flatMap((name) => range(name, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)),
    groups: names,
    copy: () =>
      makeTable(
        new Map(
          [...groups].map(([name, { values, min, max }]) => [
            name,
            { values: new Map(values), min, max },
          ]),
        ),
      ),
    clearGroup: (name) => groups.delete(name),
  }
}
