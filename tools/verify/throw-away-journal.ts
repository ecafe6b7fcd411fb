import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { type Hlc, hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { chainHash, genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { removeData } from '@tillkeeper/postgres/embedded/place-data.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, type Db, migrate, type Tx } from '@tillkeeper/projections/db.ts'
import { nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import {
  type Chain,
  type Chance,
  chanceFrom,
  generateChain,
  generateTrade,
} from '@tillkeeper/projections/testing/trade.gen.ts'
import { copyHeader, copyTrailer, createRowWriter } from './binary-rows.ts'
import { type Cast, mouldOf } from './fact-mould.ts'

// A journal of many facts on a server of its own, to measure what checking it takes. The facts are
// those of a chain's days of trade, chained as their tills chain them, over and over with new ids.

const shops = 5
const tillsPerShop = 4
const daysOfTrade = 2
const salesPerSession = 150
const seed = 20_260_302
const epoch = '1.0'
const bufferBytes = 4 * 1_024 * 1_024
const sayEvery = 100_000
const startMs = Date.parse('2026-03-02T01:00:00.000Z')
/** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const postgresEpochMicros = 946_684_800_000_000n

/** Runs `work` on a throw-away journal of exactly `count` facts. */
export async function withThrowAwayJournal<T>(
  count: number,
  say: (line: string) => void,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-verify-'))
  await chmod(dataDir, 0o755) // Run by root, the server is somebody else, who has to enter.
  // Nobody keeps this database, so its rows need not stand in its log as well.
  const settings = { wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '4GB' }
  const server = await startPostgres({ dataDir, settings })
  try {
    const db = connect(await server.createDatabase('journal'), { max: 2 })
    try {
      await migrate(db)
      await fillJournal(db, count, say)
      return await work(db)
    } finally {
      await db.end()
    }
  } finally {
    await server.stop()
    await removeData(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function fillJournal(db: Db, count: number, say: (line: string) => void): Promise<void> {
  const chance = chanceFrom(seed)
  const chain = generateChain(chance, { shops, tills: tillsPerShop, products: 200 })
  const streams = createStreams(chance, chain)
  await db.begin(async (tx) => {
    // The rows' streams are there when we are done; asking for each row would take longer than the rows.
    await tx`SET LOCAL session_replication_role = replica`
    await tx`TRUNCATE journal, fact_id, stream`
    await copyFacts(tx, { chain, streams, count, chance, say })
    for (const { stream, seq, hash } of streams) {
      if (seq === 0) continue
      await tx`
        INSERT INTO stream (org_id, stream, kind, head_seq, head_hash, projected_seq)
        VALUES (${chain.org}, ${stream}, 'author', ${seq}, ${hash}, ${seq})
      `
    }
    say('giving each fact its id')
    await tx`
      INSERT INTO fact_id (org_id, id, stream, seq) SELECT org_id, id, stream, seq FROM journal
    `
  })
  await db`ANALYZE journal, fact_id`
}

type Stream = {
  readonly stream: StreamId
  readonly author: string
  readonly moulds: readonly Mould[]
  seq: number
  hlc: Hlc
  hash: Uint8Array
}
type Mould = { readonly type: Buffer; readonly write: (cast: Cast) => string }

function createStreams(chance: Chance, chain: Chain): Stream[] {
  const trade = generateTrade(chance, chain, { days: daysOfTrade, salesPerSession })
  return chain.shops.flatMap(({ tills }) =>
    tills.map((tillId): Stream => {
      const { stream, author } = nodeAuthor(chain.org, `t-${tillId}`, epoch)
      const drafts = trade.flatMap((session) => (session.tillId === tillId ? session.drafts : []))
      const moulds = drafts.map((draft) => ({
        type: Buffer.from(draft.type),
        write: mouldOf(chain.org, epoch, draft),
      }))
      return { stream, author, moulds, seq: 0, hlc: hlcZero, hash: genesisHash(sha256, stream) }
    }),
  )
}

type Copy = {
  readonly chain: Chain
  readonly streams: readonly Stream[]
  readonly count: number
  readonly chance: Chance
  readonly say: (line: string) => void
}

async function copyFacts(tx: Tx, { chain, streams, count, chance, say }: Copy): Promise<void> {
  const copy = await tx
    .unsafe(
      'COPY journal (org_id, stream, seq, id, type, bytes, hash, recorded_at) ' +
        'FROM STDIN (FORMAT binary)',
    )
    .writable()
  const finished = once(copy, 'finish')
  copy.write(copyHeader)
  const rows = createRowWriter(bufferBytes)
  const org = uuidBytes(chain.org)
  let said = 0
  for (let nth = 0; nth < count; nth += 1) {
    // Tills take turns, as they do in a shop: neighbours in the table are not neighbours in the chain.
    const stream = streams[nth % streams.length]
    assert(stream !== undefined, 'there is a stream for each turn')
    const columns = [org, ...castRow(stream, startMs + nth * 10, chance)]
    if (rows.add(columns)) continue
    await write(copy, rows.take())
    assert(rows.add(columns), 'a fact fits an empty buffer')
    if (nth - said >= sayEvery) {
      said = nth
      say(`${nth} of ${count} facts`)
    }
  }
  await write(copy, rows.take())
  copy.end(copyTrailer)
  await finished
}

/** The next fact of a stream, as the columns after `org_id`. */
function castRow(stream: Stream, nowMs: number, chance: Chance): readonly Uint8Array[] {
  const mould = stream.moulds[stream.seq % stream.moulds.length]
  assert(mould !== undefined, 'a till has traded')
  stream.seq += 1
  stream.hlc = nextHlc(stream.hlc, nowMs)
  const id = uuidv7(nowMs, chance.bytes(10))
  const { author, hlc, seq } = stream
  const bytes = Buffer.from(mould.write({ id, author, hlc, seq }))
  stream.hash = chainHash(sha256, stream.hash, bytes)
  const recordedAt = BigInt(nowMs) * 1_000n - postgresEpochMicros
  return [
    Buffer.from(stream.stream),
    int64(BigInt(seq)),
    uuidBytes(id),
    mould.type,
    bytes,
    stream.hash,
    int64(recordedAt),
  ]
}

async function write(copy: Writable, chunk: Buffer): Promise<void> {
  if (!copy.write(chunk)) await once(copy, 'drain')
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}
