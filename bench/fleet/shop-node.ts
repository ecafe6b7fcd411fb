import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { constants, gzipSync } from 'node:zlib'
import { nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import type { ProductId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, seal } from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { makeTrade, pickFrom } from '../catch-up/make-trade.ts'
import { type Connection, openConnection } from '../sale/connection.ts'

// A store server as the cloud sees it: its key, its token, its hello, and the chain of its facts. It has
// no database; what it has not sent it still has to sell.

export type NodePlan = {
  readonly org: string
  readonly shopId: string
  readonly tillId: string
  readonly staffId: string
  readonly major: number
  /** PKCS 8 in DER, base64. */
  readonly privateKey: string
  readonly seed: number
  readonly products: readonly {
    readonly id: string
    readonly code: string
    readonly name: string
    readonly priceMinor: number
    readonly vatBasisPoints: number
  }[]
}

export type Limits = { readonly factsMax: number; readonly delayMs: number }
export type Told = { readonly kind: 'acked' } | { readonly kind: 'busy'; readonly retryMs: number }

export type ShopNode = {
  readonly hello: () => Promise<Limits>
  /** Sells so many times and seals it; what was sealed before and is not acknowledged goes along. */
  readonly sell: (count: number) => void
  readonly waiting: () => number
  /** Sends what waits, at most so many facts. */
  readonly push: (factsMax: number) => Promise<Told>
  readonly sent: () => number
  readonly close: () => void
}

const salesPerDay = 1_000
const packedBytesMin = 1_024
const ndjson = { 'content-type': 'application/x-ndjson' }

export async function openNode(url: string, plan: NodePlan): Promise<ShopNode> {
  const { org, major } = plan
  const author = `s-${plan.shopId}`
  const epoch = `${major}.0`
  const stream = authorStreamId(author, epoch, 'business')
  const key = createPrivateKey({
    ...{ key: Buffer.from(plan.privateKey, 'base64'), format: 'der', type: 'pkcs8' },
  })
  const line = await openLine(url, plan, key)
  const trade = tradeOf(plan)
  let head = { stream, seq: 0, hash: genesisHash(sha256, stream) }
  let hlc: Hlc = hlcZero
  let acked = head
  let unsent: { readonly bytes: Uint8Array; readonly hash: Uint8Array }[] = []
  return {
    hello: async () => {
      const body = {
        ...{ proto: [1, 1], node: author, epoch, build: 'bench', now: new Date().toISOString() },
        ...{ heads: [{ stream, seq: head.seq, hash: toHex(head.hash) }], feeds: [] },
      }
      const reply = await line.post('/sync/v1/hello', JSON.stringify(body))
      if (reply.status !== 200) throw new Error(`hello: ${reply.status} ${reply.body}`)
      return (JSON.parse(reply.body.toString()) as { limits: Limits }).limits
    },
    sell: (count) => {
      const drafts: FactDraft[] = []
      for (let sold = 0; sold < count; ) {
        const { value } = trade.next()
        if (value.type === 'sale.completed') sold += 1
        drafts.push(value)
      }
      const sealer = { org, author, epoch, sha256 }
      const done = seal(sealer, { head, hlc, nowMs: Date.now() }, drafts)
      head = done.head
      hlc = done.hlc
      unsent.push(...done.sealed.map(({ bytes, hash }) => ({ bytes, hash })))
    },
    waiting: () => unsent.length,
    push: async (factsMax) => {
      const part = unsent.slice(0, factsMax)
      const last = part.at(-1)
      if (last === undefined) return { kind: 'acked' }
      const hashes = { prevHash: toHex(acked.hash), lastHash: toHex(last.hash) }
      const body = encodeBatch(
        { stream, from: acked.seq + 1, ...hashes },
        part.map(({ bytes }) => bytes),
      )
      const packs = body.length >= packedBytesMin
      const packed = packs ? gzipSync(body, { level: constants.Z_BEST_SPEED }) : Buffer.from(body)
      const headers = packs ? { ...ndjson, 'content-encoding': 'gzip' } : ndjson
      const reply = await line.post('/sync/v1/push', packed, headers)
      if (reply.status === 503) {
        const seconds = Number(/\r\nretry-after: ([0-9]+)/i.exec(reply.head)?.[1] ?? 1)
        return { kind: 'busy', retryMs: seconds * 1_000 }
      }
      const ack = JSON.parse(reply.body.toString()) as { seq?: number; hash?: string }
      const seq = acked.seq + part.length
      if (reply.status !== 200 || ack.seq !== seq || ack.hash !== toHex(last.hash)) {
        throw new Error(`push: ${reply.status} ${reply.body}`)
      }
      acked = { stream, seq, hash: last.hash }
      unsent = unsent.slice(part.length)
      return { kind: 'acked' }
    },
    sent: () => acked.seq,
    close: line.close,
  }
}

/** Connects with a token that is renewed before it runs out. */
async function openLine(url: string, plan: NodePlan, key: KeyObject) {
  let line: Connection | undefined
  let untilMs = 0
  return {
    post: async (...asked: Parameters<Connection['post']>) => {
      if (line === undefined || performance.now() > untilMs) {
        const { token, expiresIn } = await askToken(url, plan, key)
        line?.close()
        line = await openConnection(url, token)
        untilMs = performance.now() + (expiresIn - 60) * 1_000
      }
      return line.post(...asked)
    },
    close: () => line?.close(),
  }
}

async function askToken(url: string, { org, shopId, major }: NodePlan, key: KeyObject) {
  const nonce = randomBytes(18).toString('base64url')
  const asked = { org, shopId, major, time: new Date().toISOString(), nonce }
  const signature = sign(null, Buffer.from(nodeProof(asked)), key).toString('base64')
  const reply = await fetch(`${url}/sync/v1/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, signature }),
  })
  if (!reply.ok) throw new Error(`no token: ${await reply.text()}`)
  return (await reply.json()) as { token: string; expiresIn: number }
}

function tradeOf({ shopId, tillId, staffId, products, seed }: NodePlan) {
  const currency = 'THB' as Currency
  return makeTrade(
    {
      ...{ shopId: shopId as ShopId, tillId: tillId as TillId, tillNumber: 1 },
      ...{ staff: [staffId as StaffId], currency, salesPerDay },
      firstDayMs: Date.UTC(2026, 5, 1),
      products: products.map((product) => ({
        ...product,
        ...{ id: product.id as ProductId, priceMinor: minor(product.priceMinor) },
        ...{ currency, active: true },
      })),
    },
    pickFrom(seed),
  )
}
