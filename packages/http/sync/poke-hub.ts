import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Poke } from '@tillkeeper/sync/message/messages.ts'

export type Position = { readonly stream: StreamId; readonly seq: number }

/** A child that listens. */
export type PokeLine = {
  readonly org: OrgId
  /** The scopes whose feeds it may hold. */
  readonly scopes: ReadonlySet<string>
  /** Its name as an author: it hears what the cloud has of its own streams. */
  readonly author: string
  readonly send: (poke: Poke) => void
}

/** Tells the children that listen what grew. In the process only: a restart is a lost poke. */
export type PokeHub = {
  /** Adds a child; returns how it leaves. */
  readonly join: (line: PokeLine) => () => void
  readonly feedGrew: (org: OrgId, feed: Position) => void
  /** The cloud holds author streams up to here. */
  readonly cloudHas: (org: OrgId, positions: readonly Position[]) => void
  /** Something happened here that is in no feed: children that ask for such things ask again. */
  readonly lookAgain: () => void
  /** How many listen. */
  readonly lines: () => number
}

/** A poke that names nothing: the line is up, and there may be something to ask for. */
export const nothing: Poke = { feeds: [], cloud: [] }

/** Makes the one hub of a server. */
export function createPokeHub(): PokeHub {
  const lines = new Set<PokeLine>()
  return {
    join: (line) => {
      lines.add(line)
      return () => lines.delete(line)
    },
    feedGrew: (org, feed) => {
      const name = parseStreamId(feed.stream)
      if (name?.kind !== 'feed') return
      for (const line of lines) {
        if (line.org !== org || !line.scopes.has(name.scope)) continue
        line.send({ feeds: [{ stream: feed.stream, seq: feed.seq }], cloud: [] })
      }
    },
    cloudHas: (org, positions) => {
      for (const line of lines) {
        // What comes may say more of each stream; a poke is these two fields, and nothing else is taken.
        const own = positions
          .filter(({ stream }) => stream.startsWith(`${line.author}:`))
          .map(({ stream, seq }) => ({ stream, seq }))
        if (line.org === org && own.length > 0) line.send({ feeds: [], cloud: own })
      }
    },
    lookAgain: () => {
      for (const line of lines) line.send(nothing)
    },
    lines: () => lines.size,
  }
}
