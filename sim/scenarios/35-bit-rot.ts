import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import {
  bucketCount,
  bucketRange,
  compareDigests,
  digestBucket,
  planRepairs,
} from '@tillkeeper/sync/digest/bucket.ts'
import { mendBucket } from '@tillkeeper/sync/digest/mend-bucket.ts'
import { sameBytes } from '@tillkeeper/sync/message/hex.ts'
import { genesisOf, sha256 } from '../actors/hash.ts'
import type { FactRow } from '../actors/journal.ts'
import type { Machine } from '../actors/node.ts'
import { tradeDay } from '../actors/trade.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'
import { bend } from '../world/network.ts'
import type { Scenario } from './scenario.ts'

export const bitRot: Scenario = {
  number: 35,
  name: 'bit rot in a stored fact, a row lost, a fact edited by hand',
  recipe: 'bits flip, rows vanish and an amount is edited, at shops and in the cloud',
  mustHold:
    'the comparison over stored bytes finds every one, and a repair from the other side makes the copy what it was; nothing that is right is touched',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { world, cloud, shops } = fleet
    await tradeDay(fleet)
    await rest(fleet)
    const chance = world.chance.fork('rot')
    let damaged = 0
    let found = 0
    let mended = 0
    let twiceDamaged = 0
    for (const { store } of shops) {
      const streams = headsOf(store.disk).filter(({ stream }) => !stream.startsWith('feed/'))
      for (const { stream, seq } of streams) {
        if (seq < 3) continue
        const here = chance.chance(0.5) ? store : cloud
        const there = here === store ? cloud : store
        const before = rowsOf(here.disk, stream)
        const hurt = damage(here, stream, chance.between(1, seq), chance.below(3))
        damaged += 1
        hold(hurt, 'something was damaged')
        const differing = compareCopies(here, there, stream, seq)
        if (differing.length > 0) found += 1
        for (const bucket of planRepairs(differing, new Map()).repair) {
          // The damaged side is no source: it proves nothing to the whole one.
          twiceDamaged += mend({ here: there, there: here, stream, bucket, cut: seq })
          mended += mend({ here, there, stream, bucket, cut: seq })
        }
        const after = rowsOf(here.disk, stream)
        hold(
          after.length === before.length &&
            after.every((row, at) => sameBytes(row.bytes, before[at]?.bytes ?? empty)),
          `${stream} at ${here.name} is what it was`,
        )
        hold(compareCopies(here, there, stream, seq).length === 0, 'both sides agree again')
      }
    }
    world.counters.count('repair.bucket', mended)
    // What was written over is no journal any more: nothing is asked of it.
    if (twiceDamaged > 0) return hold(false, 'nothing that was right was written over')
    hold(damaged > 5 && found === damaged, 'each damage was found')
    hold(mended >= damaged, 'each was repaired')
    await rest(fleet)
  },
}

const empty = new Uint8Array()

/** Flips a bit, deletes a row, or edits an amount with the chain left as it was. */
function damage({ disk }: Machine, stream: StreamId, seq: number, how: number): boolean {
  const before = rowsOf(disk, stream).length
  let changed = false
  disk.rot('fact', [stream, seq], (value) => {
    const row = value as FactRow
    changed = true
    if (how === 0) return { ...row, bytes: bend(row.bytes, row.bytes.length >> 1, 3) }
    if (how === 1) return undefined
    const text = new TextDecoder().decode(row.bytes)
    return { ...row, bytes: new TextEncoder().encode(text.replace(/[0-9]/, digitAfter)) }
  })
  return changed && (how !== 1 || rowsOf(disk, stream).length === before - 1)
}

const digitAfter = (digit: string) => String((Number(digit) + 1) % 10)

function compareCopies(here: Machine, there: Machine, stream: StreamId, cut: number) {
  const digest = ({ disk }: Machine) => {
    const rows = rowsOf(disk, stream)
    return Array.from({ length: bucketCount(cut) }, (_, bucket) => {
      const { from, to } = bucketRange(bucket, cut)
      const held = rows.filter(({ seq }) => seq >= from && seq <= to)
      return digestBucket(
        sha256,
        bucket,
        held.map(({ bytes }) => bytes),
      )
    })
  }
  return compareDigests(digest(here), digest(there))
}

type Mend = {
  readonly here: Machine
  readonly there: Machine
  readonly stream: StreamId
  readonly bucket: number
  readonly cut: number
}

/** Fetches a bucket from the other side and writes what it proves; returns how many rows. */
function mend({ here, there, stream, bucket, cut }: Mend): number {
  const { from, to } = bucketRange(bucket, cut)
  const within = ({ seq }: FactRow) => seq >= from && seq <= to
  const ours = rowsOf(here.disk, stream).filter(within)
  const theirs = rowsOf(there.disk, stream).filter(within)
  const head = headsOf(here.disk).find((each) => each.stream === stream)
  const prior = rowsOf(here.disk, stream).find(({ seq }) => seq === from - 1)
  const last = ours.find(({ seq }) => seq === to)
  const after = [last?.hash, head?.seq === to ? head.hash : undefined]
  const outcome = mendBucket(sha256, {
    from,
    facts: theirs.map(({ bytes }) => bytes),
    anchors: {
      before: from === 1 ? genesisOf(stream) : (prior?.hash ?? empty),
      after: after.filter((hash) => hash !== undefined),
    },
    ours,
  })
  if (!outcome.ok) return 0
  for (const { seq, bytes, hash } of outcome.value) {
    const source = theirs.find((row) => row.seq === seq)
    here.disk.rot('fact', [stream, seq], () => ({ ...source, bytes, hash }))
  }
  return outcome.value.length
}
