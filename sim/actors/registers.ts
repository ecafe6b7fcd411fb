import { type Entity, readEntity, takeEntityEdit } from '@tillkeeper/core/merge/entity.ts'
import { readRegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import {
  emptyRegisters,
  type Registers,
  readFields,
  registerKinds,
  takeEdit,
} from '@tillkeeper/till-app/catalogue/registers.ts'
import type { FactRow } from './journal.ts'

/** Entities by kind and id, as servers merge them. */
export type Entities = ReadonlyMap<string, Entity>

/** What the feed `org` comes to on a server: merged by the rules that its tables follow. */
export type FeedFold = {
  /** After all facts that came up to now. */
  readonly entities: () => Entities
}

type Reading = {
  readonly feeds: () => readonly { readonly stream: StreamId; readonly seq: number }[]
  readonly rows: (stream: StreamId, from: number, to: number) => readonly FactRow[]
}

/** Folds the `org` feeds of a journal. */
export function foldFeeds({ feeds, rows }: Reading): FeedFold {
  const entities = new Map<string, Entity>()
  const taken = new Map<StreamId, number>()
  return {
    entities: () => {
      for (const { stream, seq } of feeds()) {
        if (!stream.startsWith('feed/org@')) continue
        for (const row of rows(stream, (taken.get(stream) ?? 0) + 1, seq)) takeRow(entities, row)
        taken.set(stream, seq)
      }
      return entities
    },
  }
}

/** Takes one fact into entities, if it is an edit. */
export function takeRow(entities: Map<string, Entity>, { bytes }: Pick<FactRow, 'bytes'>): void {
  const read = readFact(bytes)
  const edit = read.kind === 'known' ? readRegisterEdit(read.fact) : undefined
  if (edit === undefined) return
  const name = `${edit.kind} ${edit.entityId}`
  entities.set(name, takeEntityEdit(entities.get(name) ?? [], edit))
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : 1

/** Entities as one text that is the same wherever they hold the same. */
export function spellEntities(entities: Entities): string {
  return JSON.stringify(
    [...entities].sort(byName).map(([name, edits]) => {
      const { fields, deleted } = readEntity(edits)
      return [name, deleted, Object.entries(fields).sort(byName)]
    }),
  )
}

/** A till's registers as one text. */
export function spellRegisters(registers: Registers): string {
  return JSON.stringify(
    registerKinds.map((kind) => [
      kind,
      [...registers[kind]]
        .sort(byName)
        .map(([id, edits]) => [id, Object.entries(readFields(edits)).sort(byName)]),
    ]),
  )
}

/** What a till makes of these facts. */
export function foldAsTill(rows: Iterable<Pick<FactRow, 'bytes'>>): Registers {
  const registers = emptyRegisters()
  for (const { bytes } of rows) {
    const read = readFact(bytes)
    if (read.kind === 'known') takeEdit(registers, read.fact)
  }
  return registers
}
