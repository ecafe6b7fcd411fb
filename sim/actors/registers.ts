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

/** What the feed `org` comes to, on a server: the same rules as a till's. */
export type FeedFold = {
  readonly registers: () => Registers
  /** Takes the facts that came since the last look. */
  readonly catchUp: () => void
}

type Reading = {
  readonly feeds: () => readonly { readonly stream: StreamId; readonly seq: number }[]
  readonly rows: (stream: StreamId, from: number, to: number) => readonly FactRow[]
}

/** Folds the `org` feeds of a journal. */
export function foldFeeds({ feeds, rows }: Reading): FeedFold {
  const registers = emptyRegisters()
  const taken = new Map<StreamId, number>()
  const catchUp = () => {
    for (const { stream, seq } of feeds()) {
      if (!stream.startsWith('feed/org@')) continue
      for (const { bytes } of rows(stream, (taken.get(stream) ?? 0) + 1, seq)) {
        const read = readFact(bytes)
        if (read.kind === 'known') takeEdit(registers, read.fact)
      }
      taken.set(stream, seq)
    }
  }
  return {
    registers: () => {
      catchUp()
      return registers
    },
    catchUp,
  }
}

/** Registers as one text that is the same wherever they hold the same. */
export function spellRegisters(registers: Registers): string {
  return JSON.stringify(
    registerKinds.map((kind) => [
      kind,
      [...registers[kind]]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, edits]) => [
          id,
          Object.entries(readFields(edits)).sort(([a], [b]) => (a < b ? -1 : 1)),
        ]),
    ]),
  )
}
