import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import type { Db } from '../db.ts'
import { projectPending } from '../project.ts'
import { digestTables } from '../rebuild/digest-tables.ts'
import {
  generateStreams,
  recordedAt,
  type SealedStream,
  sealStream,
} from '../testing/fill-database.ts'
import { chanceFrom, generateChain, generateTrade } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { listParked } from './parked-sql.ts'
import { createReadAhead, type ReadAhead } from './read-ahead.ts'
import { type ReadPart, readPart } from './read-part.ts'
import { receiveParts } from './receive-facts.ts'
import { nodeAuthor } from './record-facts.ts'
import { sha256 } from './sha256.ts'

const chance = chanceFrom(53)
const chain = generateChain(chance, { shops: 1, tills: 2 })
const { org } = chain
const streams = generateStreams(chance, chain, { days: 1, salesPerSession: 60 })
const [trade] = generateTrade(chance, chain, { days: 1, salesPerSession: 12 })
const drafts = trade?.drafts as readonly FactDraft[]

function partOf({ author, sealed }: SealedStream, from: number, count: number): ReadPart {
  const facts = sealed.slice(from - 1, from - 1 + count).map(({ bytes }) => bytes)
  const prevHash = sealed[from - 2]?.hash ?? genesisHash(sha256, author.stream)
  return readPart({ org, stream: author.stream, from, prevHash, facts, recordedAt })
}

/** Journals all streams in parts, remembering what was read, and projects now and then. */
async function fill(db: Db, all: readonly SealedStream[], readAhead?: ReadAhead): Promise<void> {
  const batchMax = 70
  for (let from = 1; all.some(({ sealed }) => sealed.length >= from); from += 40) {
    for (const stream of all) {
      // Some facts come a second time.
      const part = partOf(stream, Math.max(1, from - 3), 43)
      if (part.facts.length === 0) continue
      const [received] = await db.begin((tx) => receiveParts(tx, [{ part }]))
      if (received?.kind !== 'ok') throw new Error('a part is not taken')
      readAhead?.keep(part, received.added)
    }
    await projectPending(db, org, { batchMax, readAhead })
  }
  while ((await projectPending(db, org, { batchMax, readAhead })).more);
}

/** Counts how many facts a memory gave. */
function counting(readAhead: ReadAhead): { readonly readAhead: ReadAhead; given: number } {
  const counted = {
    given: 0,
    readAhead: {
      ...readAhead,
      find: (...asked: Parameters<ReadAhead['find']>) => {
        const run = readAhead.find(...asked)
        if (run === undefined) return undefined
        const at = (seq: number) => {
          counted.given += 1
          return run.at(seq)
        }
        return { ...run, at }
      },
    },
  }
  return counted
}

const facts = streams.reduce((sum, { sealed }) => sum + sealed.length, 0)

test('with room for everything or for some, the tables are those that the journal alone makes', () =>
  withTestDatabase(async (alone) => {
    await fill(alone, streams)
    const digests = await digestTables(alone)
    for (const { bytesMax, least } of [
      { bytesMax: 100_000_000, least: facts },
      { bytesMax: 100_000, least: 1 },
    ]) {
      await withTestDatabase(async (db) => {
        const memory = counting(createReadAhead(bytesMax))
        await fill(db, streams, memory.readAhead)
        expect(await digestTables(db)).toEqual(digests)
        expect(memory.given).toBeGreaterThanOrEqual(least)
      })
    }
  }))

test('what cannot be projected is parked, with what comes behind it', () =>
  withTestDatabase((alone) =>
    withTestDatabase(async (db) => {
      const wrong = drafts.map((draft, index) => (index === 2 ? { ...draft, body: {} } : draft))
      const newer = wrong.map((draft, index) => (index === 4 ? { ...draft, v: 99 } : draft))
      const stream = sealStream(nodeAuthor(org, 't-one', '1.0'), newer)
      await fill(alone, [stream])
      await fill(db, [stream], createReadAhead())
      const parked = await listParked(db, org, 100)
      expect(parked).toEqual(await listParked(alone, org, 100))
      expect(new Set(parked.map(({ reason }) => reason))).toEqual(
        new Set(['bad_body', 'behind', 'unknown_type']),
      )
    }),
  ))

test('what was read is not believed where the journal holds another history', () =>
  withTestDatabase((alone) =>
    withTestDatabase(async (db) => {
      const author = nodeAuthor(org, 't-one', '1.0')
      const held = sealStream(author, drafts)
      const other = sealStream(
        author,
        drafts.map((draft) => ({ ...draft, actor: 'key:another', body: {} })),
      )
      const readAhead = createReadAhead()
      const part = partOf(other, 1, drafts.length)
      readAhead.keep(part, part.facts.length)
      await fill(alone, [held])
      await fill(db, [held], readAhead)
      expect(await listParked(db, org, 1)).toEqual([])
      expect(await digestTables(db)).toEqual(await digestTables(alone))
    }),
  ))
