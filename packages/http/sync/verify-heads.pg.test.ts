import { generateKeyPairSync } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { chainHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { fillDatabase } from '@tillkeeper/projections/testing/fill-database.ts'
import { chanceFrom } from '@tillkeeper/projections/testing/trade.gen.ts'
import { withTestDatabase } from '@tillkeeper/projections/testing/with-database.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { expect, test } from 'vitest'
import { keepHeads } from './identity-sql.ts'
import { signHead, signReceipt } from './sign-heads.ts'
import { verifyHeads } from './verify-heads.ts'

const makeKey = () => {
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  return { key, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
}
const at = '2026-11-20T08:00:00.000Z'

type Signed = { db: Db; org: OrgId; stream: StreamId; seq: number; cloudKey: string }

/** A journal of some trade of which one stream's head is signed, by its author and by the cloud. */
async function withSigned(work: (signed: Signed) => Promise<void>): Promise<void> {
  await withTestDatabase(async (_, url) => {
    const trade = { days: 1, salesPerSession: 5 }
    const { db, org, streams } = await fillDatabase(url, chanceFrom(43), trade)
    const { author, sealed } = streams[3] ?? {}
    const last = sealed?.at(-1)
    if (author === undefined || last === undefined) throw new Error('there is a till')
    const head = { stream: author.stream, seq: last.fact.seq, hash: toHex(last.hash) }
    const [till, cloud] = [makeKey(), makeKey()]
    const signature = signHead(org, head, till.key)
    const signed = { ...head, signature, publicKey: till.publicKey, at }
    const receipt = { ...signReceipt(org, { ...head, at }, cloud), publicKey: cloud.publicKey }
    await keepHeads(db, org, { table: 'head_signature', heads: [signed] })
    await keepHeads(db, org, { table: 'head_receipt', heads: [receipt] })
    try {
      await work({ db, org, stream: head.stream, seq: head.seq, cloudKey: cloud.publicKey })
    } finally {
      await db.end()
    }
  })
}

/** Changes an amount in a fact, and computes all that follows anew: the chain is whole in itself. */
async function writeAnew({ db, stream }: Signed): Promise<void> {
  const rows = await db<{ seq: number; bytes: Uint8Array; hash: Uint8Array }[]>`
    SELECT seq, bytes, hash FROM journal WHERE stream = ${stream} ORDER BY seq
  `
  let before: Uint8Array | undefined
  let done = false
  for (const { seq, bytes, hash } of rows) {
    const text = Buffer.from(bytes).toString()
    const changed: string = done ? text : text.replace(/"totalMinor":(\d)/, '"totalMinor":9$1')
    done ||= changed !== text
    const now: Uint8Array =
      done && before !== undefined ? chainHash(sha256, before, Buffer.from(changed)) : hash
    await db`
      UPDATE journal SET bytes = ${Buffer.from(changed)}, hash = ${now}
      WHERE stream = ${stream} AND seq = ${seq}
    `
    before = now
  }
  expect(done).toBe(true)
  await db`UPDATE stream SET head_hash = ${before ?? null} WHERE stream = ${stream}`
}

test('what was signed is what is held', () =>
  withSigned(async ({ db, cloudKey }) => {
    expect(await verifyHeads(db)).toEqual([])
    expect(await verifyHeads(db, { cloudKey })).toEqual([])
  }))

test('a history that was written anew, with its whole chain, is found by what was signed', () =>
  withSigned(async (signed) => {
    await writeAnew(signed)
    const { db, org, stream, seq } = signed
    expect((await verifyJournal(db)).faults, 'in itself it is whole').toEqual([])
    expect(await verifyHeads(db)).toEqual([
      { org, stream, seq, fault: 'differs_from_receipt' },
      { org, stream, seq, fault: 'differs_from_signature' },
    ])
  }))

test('a tail that was cut off behind a receipt is found', () =>
  withSigned(async ({ db, org, stream, seq }) => {
    await db`DELETE FROM fact_id WHERE stream = ${stream} AND seq = ${seq}`
    await db`DELETE FROM journal WHERE stream = ${stream} AND seq = ${seq}`
    expect(await verifyHeads(db)).toEqual([{ org, stream, seq, fault: 'behind_receipt' }])
  }))

test('a signature that was moved, and a receipt by another key, are none', () =>
  withSigned(async ({ db, org, stream, seq }) => {
    expect(await verifyHeads(db, { cloudKey: makeKey().publicKey })).toEqual([
      { org, stream, seq, fault: 'bad_receipt' },
    ])
    await db`UPDATE head_signature SET seq = seq - 1`
    await db`UPDATE head_receipt SET at = at + interval '1 day'`
    expect(await verifyHeads(db)).toEqual([
      { org, stream, seq, fault: 'bad_receipt' },
      { org, stream, seq: seq - 1, fault: 'bad_signature' },
    ])
  }))
