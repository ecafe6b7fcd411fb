import { chainHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { sameBytes } from '@tillkeeper/sync/message/hex.ts'
import type { StreamRow } from '@tillkeeper/till-app/journal/database.ts'
import type { Fleet } from '../actors/fleet.ts'
import { genesisOf, sha256 } from '../actors/hash.ts'
import type { FactRow, HeadRow } from '../actors/journal.ts'
import { placeName } from '../actors/truth.ts'
import type { Disk } from '../world/disk.ts'
import { violate } from '../world/world.ts'

// What lies on the disks of servers and tills, read as nobody in the world reads it.

/** A node's facts of one stream. */
export const rowsOf = (disk: Disk, stream: string): readonly FactRow[] =>
  disk.peekRange('fact', stream, 1, Number.MAX_SAFE_INTEGER) as FactRow[]

export const headsOf = (disk: Disk): readonly HeadRow[] => disk.peekAll('head') as HeadRow[]

/** A till's own streams. */
export const streamsOf = (disk: Disk): readonly StreamRow[] => disk.peekAll('stream') as StreamRow[]

/** All facts of author streams on a server. */
export function* actsOn(disk: Disk): Iterable<FactRow> {
  for (const { stream } of headsOf(disk)) {
    if (!stream.startsWith('feed/')) yield* rowsOf(disk, stream)
  }
}

type HeadLike = { readonly stream: StreamId; readonly seq: number; readonly hash: Uint8Array }

/** Every copy in the chain: who holds it, and where it stands. */
export function copiesOf({ cloud, shops }: Fleet): readonly (readonly [Disk, string, HeadLike])[] {
  const servers = [cloud, ...shops.map(({ store }) => store)].flatMap(({ disk, name }) =>
    headsOf(disk).map((head) => [disk, name, head] as const),
  )
  const tills = shops.flatMap(({ tills: all }) =>
    all.flatMap(({ disk, name }) =>
      [...streamsOf(disk), ...(disk.peekAll('feed') as HeadLike[])].map(
        (head) => [disk, name, head] as const,
      ),
    ),
  )
  return [...servers, ...tills]
}

/** G5, while the world lives: where a copy stands is a place that its author sealed. */
export function checkHeads(fleet: Fleet): void {
  const { world, truth } = fleet
  for (const [, name, { stream, seq, hash }] of copiesOf(fleet)) {
    if (seq > 0 && !truth.sealed.has(placeName(stream, seq, hash))) {
      violate(world, 'G5', `${name} holds a ${stream} at ${seq} that nobody sealed`)
    }
  }
}

/** G5 at the end: the chain, computed over the bytes that lie there, leads to the head without a gap. */
export function checkChains(fleet: Fleet): void {
  checkHeads(fleet)
  for (const [disk, name, head] of copiesOf(fleet)) {
    const why = findBreak(disk, head)
    if (why !== undefined) violate(fleet.world, 'G5', `${name}: ${head.stream} ${why}`)
  }
}

function findBreak(disk: Disk, { stream, seq, hash }: HeadLike): string | undefined {
  const rows = rowsOf(disk, stream)
  const [first] = rows
  // A till keeps its feed in another shape; its registers are compared instead.
  if (first === undefined) return undefined
  // What was forgotten below the cloud's watermark is not there: the chain begins where the rest does.
  let chain = first.seq === 1 ? genesisOf(stream) : undefined
  let at = first.seq - 1
  for (const row of rows) {
    at += 1
    if (row.seq !== at) {
      // The last fact is kept however old it is, so what lies before it may have gone.
      if (first.seq === 1 && disk.peekGroups('head').includes(stream)) return `has a gap at ${at}`
      at = row.seq
      chain = undefined
    }
    chain = chain === undefined ? row.hash : chainHash(sha256, chain, row.bytes)
    if (!sameBytes(chain, row.hash)) return `breaks at ${at}`
  }
  const whole = at === seq && chain !== undefined && sameBytes(chain, hash)
  return whole ? undefined : `ends at ${at}, its head says ${seq}`
}
