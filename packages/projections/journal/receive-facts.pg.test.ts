import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { copyRowsMin } from '../copy-rows.ts'
import type { Db } from '../db.ts'
import {
  generateStreams,
  recordedAt,
  type SealedStream,
  sealStream,
} from '../testing/fill-database.ts'
import { chanceFrom, generateChain, generateTrade } from '../testing/trade.gen.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { type ReceivedPart, readPart } from './read-part.ts'
import { receiveFacts, receiveParts } from './receive-facts.ts'
import { nodeAuthor } from './record-facts.ts'
import { sha256 } from './sha256.ts'
import { findHead, sealStream as markSealed, markTrust, readStream } from './stream-sql.ts'

const chance = chanceFrom(11)
const chain = generateChain(chance, { shops: 1, tills: 2 })
const { org } = chain
const [feed, , till, other] = generateStreams(chance, chain, {
  days: 1,
  salesPerSession: 10,
}) as unknown as readonly [SealedStream, SealedStream, SealedStream, SealedStream]
const { stream } = till.author
const genesis = genesisHash(sha256, stream)
const bytes = (from: number, to: number) =>
  till.sealed.slice(from - 1, to).map((fact) => fact.bytes)
const hashAt = (seq: number) => (seq === 0 ? genesis : till.sealed[seq - 1]?.hash) as Uint8Array
const part = (from: number, to: number): ReceivedPart => ({
  org,
  stream,
  from,
  prevHash: hashAt(from - 1),
  facts: bytes(from, to),
  recordedAt,
})

const receive = (db: Db, received: ReceivedPart) => db.begin((tx) => receiveFacts(tx, received))

/** A fact of the stream with other fields in its envelope, sealed as if by its author. */
function forged(seq: number, fields: object): Uint8Array {
  const { fact } = till.sealed[seq - 1] as SealedStream['sealed'][number]
  return new TextEncoder().encode(canonicalJson({ ...fact, ...fields }))
}

test('a stream is taken in parts, and what came before falls away if it is the same', () =>
  withTestDatabase(async (db) => {
    expect(await receive(db, part(1, 4))).toEqual({ kind: 'ok', seq: 4, hash: hashAt(4), added: 4 })
    expect(await receive(db, part(1, 4))).toMatchObject({ kind: 'ok', seq: 4, added: 0 })
    expect(await receive(db, part(3, 7))).toEqual({ kind: 'ok', seq: 7, hash: hashAt(7), added: 3 })
    expect(await receive(db, part(2, 3))).toMatchObject({ kind: 'ok', seq: 7, added: 0 })
    expect(await receive(db, part(8, 7))).toMatchObject({ kind: 'ok', seq: 7, added: 0 })
    const head = await findHead(db, org, stream)
    expect(head).toMatchObject({ seq: 7, projectedSeq: 0, hlc: till.sealed[6]?.fact.hlc })
    const ids = await db`SELECT seq FROM fact_id WHERE org_id = ${org} ORDER BY seq`
    expect(ids.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
  }))

// One row for each way in which a part is not taken, after four facts were. `seq` is where to go on.
const nacks: readonly {
  readonly what: string
  readonly received: ReceivedPart
  readonly code: string
  readonly seq: number
}[] = [
  { what: 'a gap', received: part(6, 8), code: 'gap', seq: 4 },
  {
    what: 'another hash before it',
    received: { ...part(5, 6), prevHash: hashAt(3) },
    code: 'hash_differs',
    seq: 4,
  },
  {
    what: 'other bytes at a position that we have',
    received: { ...part(4, 6), facts: [forged(4, { actor: 'staff:x' }), ...bytes(5, 6)] },
    code: 'fork',
    seq: 4,
  },
  {
    what: 'bytes that are no fact',
    received: { ...part(5, 7), facts: [...bytes(5, 5), new Uint8Array([0xff]), ...bytes(7, 7)] },
    code: 'bad_fact',
    seq: 6,
  },
  {
    what: 'the fact of another position',
    received: { ...part(5, 6), facts: [...bytes(5, 5), ...bytes(7, 7)] },
    code: 'bad_fact',
    seq: 6,
  },
  {
    what: 'a fact of another organisation',
    received: { ...part(5, 5), facts: [forged(5, { org: chain.shops[0]?.id })] },
    code: 'wrong_org',
    seq: 5,
  },
  {
    what: 'a fact of another author',
    received: { ...part(5, 5), facts: [forged(5, { author: 't-other' })] },
    code: 'wrong_author',
    seq: 5,
  },
  {
    what: 'a fact of another epoch',
    received: { ...part(5, 5), facts: [forged(5, { epoch: '1.1' })] },
    code: 'wrong_author',
    seq: 5,
  },
]

test.for(nacks)('$what is not taken: $code, and nothing is written', ({ received, code, seq }) =>
  withTestDatabase(async (db) => {
    await receive(db, part(1, 4))
    expect(await receive(db, received)).toEqual({ kind: 'nack', code, seq, hash: hashAt(4) })
    expect(await findHead(db, org, stream)).toMatchObject({ seq: 4, hash: hashAt(4) })
    const [rows] = await db`SELECT count(*) AS facts FROM journal`
    expect(rows?.facts).toBe(4)
    expect(await receive(db, part(5, 6))).toMatchObject({ kind: 'ok', seq: 6 })
  }),
)

test('after a seal nothing follows, and of a quarantined stream nothing is taken', () =>
  withTestDatabase(async (db) => {
    await receive(db, part(1, 4))
    await db.begin((tx) => markSealed(tx, org, stream))
    expect(await receive(db, part(5, 6))).toMatchObject({ kind: 'nack', code: 'sealed', seq: 4 })
    expect(await receive(db, part(3, 4))).toMatchObject({ kind: 'ok', seq: 4, added: 0 })
    await db.begin((tx) => markTrust(tx, org, { stream, trust: 'quarantined' }))
    expect(await receive(db, part(3, 4))).toMatchObject({ kind: 'nack', code: 'quarantined' })
  }))

test('a feed takes facts of the cloud and of its scope only', () =>
  withTestDatabase(async (db) => {
    const ofFeed = (facts: readonly Uint8Array[]): ReceivedPart => ({
      org,
      stream: feed.author.stream,
      from: 1,
      prevHash: genesisHash(sha256, feed.author.stream),
      facts,
      recordedAt,
    })
    const { fact } = feed.sealed[0] as SealedStream['sealed'][number]
    for (const fields of [{ scope: 'customers' }, { author: 't-1' }]) {
      const changed = new TextEncoder().encode(canonicalJson({ ...fact, ...fields }))
      expect(await receive(db, ofFeed([changed]))).toMatchObject({ code: 'wrong_author', seq: 1 })
    }
    const all = feed.sealed.map((sealed) => sealed.bytes)
    expect(await receive(db, ofFeed(all))).toMatchObject({ kind: 'ok', added: all.length })
  }))

test('bodies that nobody understands are kept, and relayed to the byte', () =>
  withTestDatabase(async (db) => {
    const [session] = generateTrade(chanceFrom(5), chain, { days: 1, salesPerSession: 3 })
    const drafts = (session?.drafts ?? []).map((draft, index) =>
      index === 1 ? { ...draft, type: 'robot.danced', body: { steps: 3 } } : { ...draft, body: {} },
    )
    const odd = sealStream(nodeAuthor(org, 't-odd', '1.0'), drafts)
    const facts = odd.sealed.map((sealed) => sealed.bytes)
    const received = await receive(db, {
      org,
      stream: odd.author.stream,
      from: 1,
      prevHash: genesisHash(sha256, odd.author.stream),
      facts,
      recordedAt,
    })
    expect(received).toMatchObject({ kind: 'ok', added: facts.length })
    const read = await readStream(db, org, {
      stream: odd.author.stream,
      after: 0,
      factsMax: 100,
      bytesMax: 1_000_000,
    })
    expect(read?.facts).toEqual(facts.map((fact) => Buffer.from(fact)))
  }))

test('an id that two streams bring belongs to the position that came first', () =>
  withTestDatabase(async (db) => {
    const draft = (other.sealed[1] as SealedStream['sealed'][number]).fact
    const again = sealStream(nodeAuthor(org, 't-again', '1.0'), [draft])
    for (const { author, sealed } of [other, again]) {
      await receive(db, {
        org,
        stream: author.stream,
        from: 1,
        prevHash: genesisHash(sha256, author.stream),
        facts: sealed.map((fact) => fact.bytes),
        recordedAt,
      })
    }
    const owners = await db`SELECT stream, seq FROM fact_id WHERE id = ${draft.id}`
    expect([...owners]).toEqual([{ stream: other.author.stream, seq: 2 }])
  }))

test('a part of a stream is bounded by facts and bytes, and holds at least one', () =>
  withTestDatabase(async (db) => {
    const facts = till.sealed.length
    await receive(db, part(1, facts))
    const read = (after: number, factsMax: number, bytesMax: number) =>
      readStream(db, org, { stream, after, factsMax, bytesMax })
    const size = bytes(1, 3).reduce((all, fact) => all + fact.length, 0)
    expect(await read(0, 3, 1_000_000)).toMatchObject({
      from: 1,
      seq: 3,
      hash: hashAt(3),
      headSeq: facts,
      prevHash: genesis,
    })
    expect(await read(0, 100, size)).toMatchObject({ seq: 3 })
    expect(await read(0, 100, size - 1)).toMatchObject({ seq: 2 })
    expect(await read(4, 100, 1)).toMatchObject({ from: 5, seq: 5, prevHash: hashAt(4) })
    expect(await read(facts, 100, 1_000)).toMatchObject({
      seq: facts,
      facts: [],
      hash: hashAt(facts),
    })
    expect(await read(facts + 1, 100, 1_000)).toBeUndefined()
  }))

test('a large part is written in another way, and leaves the same rows', () =>
  withTestDatabase(async (db) => {
    const drafts = generateTrade(chance, chain, { days: 2, salesPerSession: 400 })
    const large = sealStream(nodeAuthor(org, till.author.author, '2.0'), [
      ...drafts.flatMap((trade) => trade.drafts),
      // An act that was sealed twice: the first position owns it.
      ...(drafts[0]?.drafts.slice(3, 5) ?? []),
    ])
    const { stream: name } = large.author
    expect(large.sealed.length).toBeGreaterThan(copyRowsMin)
    const whole: ReceivedPart = {
      org,
      stream: name,
      from: 1,
      prevHash: genesisHash(sha256, name),
      facts: large.sealed.map((fact) => fact.bytes),
      recordedAt,
    }
    await receive(db, whole)
    const rows = await db<{ seq: number; id: string; bytes: Uint8Array; hash: Uint8Array }[]>`
      SELECT seq, id, bytes, hash FROM journal WHERE recorded_at = ${recordedAt} ORDER BY seq
    `
    expect([...rows]).toEqual(
      large.sealed.map(({ fact, bytes: sealed, hash }) => ({
        ...{ seq: fact.seq, id: fact.id },
        ...{ bytes: Buffer.from(sealed), hash: Buffer.from(hash) },
      })),
    )
    const owned = await db`
      SELECT seq FROM fact_id WHERE id = ANY(${large.sealed.slice(-2).map(({ fact }) => fact.id)})
    `
    expect(owned.map(({ seq }) => seq).sort()).toEqual([4, 5])
    expect(await receive(db, whole)).toMatchObject({ kind: 'ok', added: 0 })
  }))

test('of parts that are taken together each has its own answer, and a bad one hurts no other', () =>
  withTestDatabase(async (db) => {
    await receive(db, part(1, 4))
    const second = (from: number): ReceivedPart => ({
      ...part(from, from),
      stream: other.author.stream,
      prevHash: other.sealed[from - 2]?.hash ?? genesisHash(sha256, other.author.stream),
      facts: other.sealed.slice(from - 1, from + 1).map((fact) => fact.bytes),
    })
    const ask = (parts: readonly ReceivedPart[]) =>
      db.begin((tx) =>
        receiveParts(
          tx,
          parts.map((each) => ({ part: readPart(each) })),
        ),
      )
    expect(await ask([part(7, 8), second(1)])).toMatchObject([
      { kind: 'nack', code: 'gap', seq: 4 },
      { kind: 'ok', seq: 2, added: 2 },
    ])
    expect(await ask([second(5), part(5, 9)])).toMatchObject([
      { kind: 'nack', code: 'gap', seq: 2 },
      { kind: 'ok', seq: 9, hash: hashAt(9), added: 5 },
    ])
    const [refused] = await db.begin((tx) =>
      receiveParts(tx, [{ part: readPart(second(3)), maySay: () => false }]),
    )
    expect(refused).toMatchObject({ kind: 'nack', code: 'bad_fact', seq: 3 })
    expect(await findHead(db, org, other.author.stream)).toMatchObject({ seq: 2 })
    expect(await findHead(db, org, stream)).toMatchObject({ seq: 9, hlc: till.sealed[8]?.fact.hlc })
  }))

test('an author that has begun as many streams as it may begins no other', () =>
  withTestDatabase(async (db) => {
    const begin = (epoch: number) => {
      const sealed = sealStream(nodeAuthor(org, 't-many', `${epoch}.0`), [
        (till.sealed[0] as SealedStream['sealed'][number]).fact,
      ])
      const { stream: name } = sealed.author
      const prevHash = genesisHash(sha256, name)
      const facts = sealed.sealed.map((fact) => fact.bytes)
      const asked = readPart({ org, stream: name, from: 1, prevHash, facts, recordedAt })
      return db.begin((tx) => receiveParts(tx, [{ part: asked, streamsOfAuthorMax: 2 }]))
    }
    expect(await begin(1)).toMatchObject([{ kind: 'ok' }])
    expect(await begin(2)).toMatchObject([{ kind: 'ok' }])
    expect(await begin(3)).toMatchObject([{ kind: 'nack', code: 'quarantined' }])
    expect(await begin(2)).toMatchObject([{ kind: 'ok', added: 0 }])
    const [streams] = await db`SELECT count(*) AS streams FROM stream`
    expect(streams).toEqual({ streams: 2 })
  }))
