import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, seal } from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { type Answer, newId, type OpenedCloud, type SeededChain } from './open-cloud.gen.ts'

// A store server made of bare hands: it says whatever a test wants said, byte by byte.

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

/** A shop's server that is nothing but a key: how it gets tokens, for whichever of its epochs. */
export async function enrolKey(cloud: OpenedCloud, { org }: SeededChain, shopId: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { code } = (await cloud.ask(`/v1/shops/${shopId}/enrolment-codes`, {})).body
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const { body } = await cloud.ask('/sync/v1/enrol', { code, publicKey: spki })
  const askToken = async (major: number): Promise<Answer> => {
    const asked = {
      ...{ org, shopId, major },
      time: new Date(Date.now() + cloud.clock.aheadMs).toISOString(),
      nonce: randomBytes(18).toString('base64url'),
    }
    const signature = sign(null, Buffer.from(nodeProof(asked)), privateKey).toString('base64')
    return cloud.ask('/sync/v1/token', { ...asked, signature })
  }
  const major = Number.parseInt(String(body.epoch), 10)
  return {
    ...{ privateKey, publicKey: spki, major, askToken },
    token: String((await askToken(major)).body.token),
  }
}

/** Enrols a shop's server and gets its token. */
export async function enrolChild(
  cloud: OpenedCloud,
  chain: SeededChain,
  shopId: string,
): Promise<string> {
  return (await enrolKey(cloud, chain, shopId)).token
}

/** A chain in memory, and the batches that can be cut out of it. */
export function makeAuthor(org: string, author: string, epoch = '1.0') {
  const stream = authorStreamId(author, epoch, 'business')
  const facts: Uint8Array[] = []
  const hashes: Uint8Array[] = [genesisHash(sha256, stream)]
  let hlc: Hlc = hlcZero
  const hashAt = (seq: number) => hashes[seq] ?? new Uint8Array(32)
  return {
    stream,
    facts,
    seq: () => facts.length,
    hashAt: (seq: number) => toHex(hashAt(seq)),
    seal: (drafts: readonly FactDraft[], nowMs = Date.now()) => {
      const head = { stream, seq: facts.length, hash: hashAt(facts.length) }
      const sealed = seal({ org, author, epoch, sha256 }, { head, hlc, nowMs }, drafts)
      hlc = sealed.hlc
      for (const { bytes, hash } of sealed.sealed) {
        facts.push(bytes)
        hashes.push(hash)
      }
    },
    batch: (from: number, to = facts.length) => ({
      header: {
        stream,
        from,
        prevHash: toHex(hashAt(from - 1)),
        lastHash: toHex(hashAt(to)),
      },
      facts: facts.slice(from - 1, to),
    }),
  }
}

export type RawBatch = {
  readonly header: {
    readonly stream: StreamId
    readonly from: number
    readonly prevHash: string
    readonly lastHash: string
  }
  readonly facts: readonly Uint8Array[]
}

/** The hash that a batch of these facts ends with: what a child that lies would say. */
export function lie(batch: RawBatch, facts: readonly Uint8Array[]): RawBatch {
  let hash: Uint8Array = Buffer.from(batch.header.prevHash, 'hex')
  for (const bytes of facts) hash = sha256(Buffer.concat([hash, bytes]))
  return { header: { ...batch.header, lastHash: toHex(hash) }, facts }
}

/** Pushes bytes as they are, or a batch, packed or not. */
export async function push(
  { url }: OpenedCloud,
  token: string,
  { batch, raw, gzip = false }: { batch?: RawBatch; raw?: Uint8Array; gzip?: boolean },
): Promise<Answer> {
  const plain = raw ?? encodeBatch(batch?.header ?? {}, batch?.facts ?? [])
  const response = await fetch(`${url}/sync/v1/push`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: gzip ? gzipSync(plain) : Uint8Array.from(plain),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** A sale of one coffee for cash, as a shop's server or a till would draft it. */
export function draftSale(
  { nok, products }: SeededChain,
  {
    shopId,
    tillId,
    sessionId,
    id = newId(),
  }: { shopId: string; tillId: string; sessionId: string; id?: string },
): FactDraft {
  const total = 65_00
  const line = {
    ...{ lineNo: 1, productId: products[0], code: 'COFFEE', name: 'Coffee', quantity: 1_000 },
    ...{ unitPriceMinor: total, discountMinor: 0, totalMinor: total, vatBasisPoints: 700 },
  }
  const taxMinor = 4_25
  return {
    ...{ id, type: 'sale.completed', v: 1, scope: `shop:${shopId}`, actor: `staff:${nok}` },
    occurredAt: '2026-11-20T05:00:00.000Z',
    businessDate: '2026-11-20',
    keys: [`session:${sessionId}`],
    refs: [],
    body: {
      ...{ shopId, tillId, sessionId, staffId: nok, receiptNumber: 'RCP-261120-010001' },
      ...{ receiptCounter: 1, currency: 'THB', lines: [line], totalMinor: total, taxMinor },
      taxes: [{ vatBasisPoints: 700, netMinor: total - taxMinor, taxMinor }],
      tenders: [{ method: 'cash', amountMinor: total, givenMinor: total }],
      changeMinor: 0,
    },
  }
}
