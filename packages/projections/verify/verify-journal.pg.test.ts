import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import { chainHash, genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Db, Tx } from '../db.ts'
import { markAcked } from '../journal/cursor-sql.ts'
import { sha256 } from '../journal/sha256.ts'
import { fillDatabase, type SealedStream } from '../testing/fill-database.ts'
import { chanceFrom } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import type { LocatedFault } from './chain-checker.ts'
import { verifyJournal } from './verify-journal.ts'

type Journal = {
  readonly db: Db
  readonly till: SealedStream
  readonly facts: number
  readonly streams: number
}

/** A journal of some trade; the cloud has acknowledged all of the till's stream but two facts. */
async function withJournal(work: (journal: Journal) => Promise<void>): Promise<void> {
  await withTestDatabase(async (_, url) => {
    const { db, org, streams } = await fillDatabase(url, chanceFrom(41), {
      days: 1,
      salesPerSession: 15,
    })
    // The second till: acts of the first one stand in another stream as well.
    const till = streams[3] as SealedStream
    const { stream } = till.author
    const seq = till.sealed.length - 2
    const hash = till.sealed[seq - 1]?.hash
    await markAcked(db, org, { peer: 'cloud', acks: [{ stream, seq, hash }] })
    const facts = streams.reduce((all, { sealed }) => all + sealed.length, 0)
    try {
      await work({ db, till, facts, streams: streams.length })
    } finally {
      await db.end()
    }
  })
}

/** Makes the change in a transaction, looks at it, and undoes it. */
async function whatIsFound(
  db: Db,
  change: (tx: Tx) => Promise<unknown>,
): Promise<readonly LocatedFault[]> {
  // The journal is read as it stands, so the change has to be committed; a copy takes it back.
  await db`CREATE TABLE kept_journal AS TABLE journal`
  await db`CREATE TABLE kept_stream AS TABLE stream`
  await db`CREATE TABLE kept_id AS TABLE fact_id`
  await db.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`
    await change(tx)
  })
  const { faults, chain } = await verifyJournal(db)
  expect(chain).toBe(faults.length === 0 ? 'ok' : 'broken')
  await db.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`
    await tx`DELETE FROM journal`
    await tx`DELETE FROM stream`
    await tx`DELETE FROM fact_id`
    await tx`INSERT INTO stream TABLE kept_stream`
    await tx`INSERT INTO journal TABLE kept_journal`
    await tx`INSERT INTO fact_id TABLE kept_id`
    await tx`DROP TABLE kept_journal, kept_stream, kept_id`
  })
  return faults
}

const briefly = (faults: readonly LocatedFault[]) => faults.map(({ seq, fault }) => [seq, fault])

test('a journal that nobody touched is whole', () =>
  withJournal(async ({ db, facts, streams }) => {
    expect(await verifyJournal(db)).toEqual({ chain: 'ok', facts, streams, faults: [] })
  }))

test(
  'one byte of one fact, wherever it is changed, is found at its place',
  () =>
    withJournal(async ({ db, till }) => {
      const { stream } = till.author
      await fc.assert(
        fc.asyncProperty(fc.nat(till.sealed.length - 1), fc.nat(), async (index, at) => {
          const bytes = till.sealed[index]?.bytes as Uint8Array
          const changed = Uint8Array.from(bytes)
          const place = at % bytes.length
          changed[place] = ((bytes[place] ?? 0) + 1) % 256
          const faults = await whatIsFound(
            db,
            (tx) => tx`
            UPDATE journal SET bytes = ${changed} WHERE stream = ${stream} AND seq = ${index + 1}
          `,
          )
          expect(faults[0]).toMatchObject({ stream, seq: index + 1, fault: 'hash_differs' })
          expect(new Set(faults.map(({ seq }) => seq))).toEqual(new Set([index + 1]))
        }),
        { numRuns: 15 },
      )
    }),
  120_000,
)

test(
  'deleted, inserted, swapped and misplaced facts are found at their places',
  () =>
    withJournal(async ({ db, till }) => {
      const { stream, org } = till.author
      const find = (change: (tx: Tx) => Promise<unknown>) => whatIsFound(db, change).then(briefly)
      const of = (seq: number) => till.sealed[seq - 1] as SealedStream['sealed'][number]

      expect(
        await find((tx) => tx`DELETE FROM journal WHERE stream = ${stream} AND seq = 5`),
      ).toEqual([
        [5, 'missing'],
        [6, 'hash_differs'],
        [5, 'id_dangling'],
      ])

      // The facts behind it make room, and their ids move along.
      expect(
        await find(async (tx) => {
          await tx`UPDATE journal SET seq = -seq WHERE stream = ${stream} AND seq >= 7`
          await tx`UPDATE journal SET seq = 1 - seq WHERE stream = ${stream} AND seq < 0`
          await tx`UPDATE fact_id SET seq = seq + 1 WHERE stream = ${stream} AND seq >= 7`
          await tx`
          INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
          SELECT org_id, stream, 7, ${org}, type, bytes, hash, recorded_at
          FROM journal WHERE stream = ${stream} AND seq = 6
        `
        }),
      ).toContainEqual([7, 'hash_differs'])

      const swapped = await find(async (tx) => {
        for (const [seq, other] of [
          [3, 9],
          [9, 3],
        ] as const) {
          await tx`
          UPDATE journal SET bytes = ${of(other).bytes}, id = ${of(other).fact.id},
            type = ${of(other).fact.type}
          WHERE stream = ${stream} AND seq = ${seq}
        `
        }
      })
      expect(swapped).toEqual(
        expect.arrayContaining([
          [3, 'hash_differs'],
          [3, 'misplaced'],
          [9, 'hash_differs'],
          [9, 'misplaced'],
        ]),
      )
      expect(swapped.every(([seq]) => seq === 3 || seq === 9)).toBe(true)

      expect(
        await find(
          (tx) => tx`UPDATE journal SET type = 'x.y' WHERE stream = ${stream} AND seq = 2`,
        ),
      ).toEqual([[2, 'misplaced']])
      expect(await find((tx) => tx`DELETE FROM fact_id WHERE id = ${of(4).fact.id}`)).toEqual([
        [4, 'id_missing'],
      ])
    }),
  120_000,
)

test(
  'a tail that was cut off is found, also where the head was put back',
  () =>
    withJournal(async ({ db, till }) => {
      const { stream } = till.author
      const facts = till.sealed.length
      const cut = (tx: Tx, from: number) => tx`
      DELETE FROM journal WHERE stream = ${stream} AND seq >= ${from}
    `
      const find = (change: (tx: Tx) => Promise<unknown>) => whatIsFound(db, change).then(briefly)
      expect(await find((tx) => cut(tx, facts - 4))).toEqual([
        [facts - 4, 'missing'],
        [facts, 'head_differs'],
        ...[4, 3, 2, 1, 0].map((back) => [facts - back, 'id_dangling']),
      ])

      // All of it: the head, its hash and the ids are those of a shorter stream.
      const rewind = async (tx: Tx, to: number) => {
        await cut(tx, to + 1)
        await tx`DELETE FROM fact_id WHERE stream = ${stream} AND seq > ${to}`
        await tx`
        UPDATE stream
        SET head_seq = ${to}, projected_seq = ${to}, head_hash = ${till.sealed[to - 1]?.hash as Uint8Array}
        WHERE stream = ${stream}
      `
      }
      expect(await find((tx) => rewind(tx, facts - 4))).toEqual([[facts - 2, 'behind_peer']])
      // What nobody has acknowledged yet leaves no trace anywhere: that is what acknowledging is for.
      expect(await find((tx) => rewind(tx, facts - 2))).toEqual([])
    }),
  120_000,
)

test(
  'a history that was forged whole differs from what the cloud acknowledged',
  () =>
    withJournal(async ({ db, till }) => {
      const { stream } = till.author
      const faults = await whatIsFound(db, async (tx) => {
        let hash = genesisHash(sha256, stream)
        for (const { fact, bytes } of till.sealed) {
          const forged =
            fact.seq === 3
              ? new TextEncoder().encode(canonicalJson({ ...fact, actor: 'staff:nobody' }))
              : bytes
          hash = chainHash(sha256, hash, forged)
          await tx`
          UPDATE journal SET bytes = ${forged}, hash = ${hash}
          WHERE stream = ${stream} AND seq = ${fact.seq}
        `
        }
        await tx`UPDATE stream SET head_hash = ${hash} WHERE stream = ${stream}`
      })
      expect(briefly(faults)).toEqual([[till.sealed.length - 2, 'differs_from_peer']])
    }),
  120_000,
)
