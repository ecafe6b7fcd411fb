import { createHash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Authority } from '@tillkeeper/core/approval/check-approval.ts'
import {
  type ProductId,
  type SessionId,
  type ShopId,
  type StaffId,
  type TillId,
  uuidv7,
} from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { decideCompleteSale } from '@tillkeeper/core/sale/complete-sale.ts'
import { decideOpenTill } from '@tillkeeper/core/till/open-till.ts'
import type { TillSession } from '@tillkeeper/core/till/till-session.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { seal } from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import type { Outbox, Timer } from '@tillkeeper/sync/link/ports.ts'
import { runLink } from '@tillkeeper/sync/link/run-link.ts'
import { httpWire, type Socket } from '@tillkeeper/sync/wire/http-wire.ts'

// A till without a screen: it is enrolled, decides, seals and keeps its facts as the browser's does, and
// its link is the same code over the same wire. A drill starts some; the browser has stories of its own.

export type OpenTill = {
  readonly storeUrl: string
  /** A manager's, to enrol it. */
  readonly manager: { readonly number: string; readonly pin: string }
  readonly staffId: string
  readonly tillId: string
  readonly product: { readonly id: string; readonly priceMinor: number }
}

export type HeadlessTill = {
  /** Sells one piece for exact cash, whether or not anybody can be reached; gives the sale's id. */
  readonly sell: () => string
  /** Ids of all sales made. */
  readonly sold: readonly string[]
  /** Facts that the store server has not acknowledged, and that the cloud is not known to have. */
  readonly waiting: () => { readonly store: number; readonly cloud: number }
  /** Cuts a wait short. */
  readonly knock: () => void
  readonly stop: () => void
}

type Enrolment = {
  readonly token: string
  readonly author: string
  readonly epoch: string
  readonly org: string
  readonly till: { readonly shopId: string; readonly number: number }
  readonly shop: { readonly timeZone: string; readonly currency: string }
}

const deflate = promisify(gzip)
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const answerMs = 10_000

/** Enrols a till at its store server, opens a session on a float of 1,000, and starts its link. */
export async function openHeadlessTill(ask: OpenTill): Promise<HeadlessTill> {
  const login = await post<{ accessToken: string }>(`${ask.storeUrl}/v1/auth/pin`, ask.manager)
  const enrolment = await post<Enrolment>(
    `${ask.storeUrl}/v1/tills/${ask.tillId}/enrol`,
    {},
    login.accessToken,
  )
  const journal = makeJournal(enrolment)
  const seller = openSession(enrolment, ask, journal.add)
  const link = runLink({
    node: enrolment.author,
    epoch: () => enrolment.epoch,
    build: 'drill',
    outbox: journal.outbox,
    // It sells one thing at one price, and needs no feed.
    inbox: { feeds: async () => [], receive: async () => ({ ok: true, value: { seq: 0 } }) },
    timer,
    wire: httpWire({
      baseUrl: ask.storeUrl,
      fetch,
      openSocket: (url) => new WebSocket(url) as unknown as Socket,
      gzip: async (bytes) => Uint8Array.from(await deflate(bytes)),
      token: async ({ fresh }) => (fresh ? undefined : enrolment.token),
      timer,
    }),
    now: () => new Date().toISOString(),
    random: Math.random,
  })
  link.start()
  const sold: string[] = []
  return {
    sold,
    sell: () => {
      const id = seller()
      sold.push(id)
      link.wake()
      return id
    },
    waiting: journal.waiting,
    knock: link.start,
    stop: link.stop,
  }
}

type Add = (
  type: Extract<FactType, 'till.opened' | 'sale.completed'>,
  act: { readonly id: string; readonly sessionId: string; readonly staffId: string },
  body: unknown,
) => void

/** One author stream in memory, and where others are with it. */
function makeJournal({ org, author, epoch, till, shop }: Enrolment) {
  const stream = authorStreamId(author, epoch, 'business')
  const facts: Uint8Array[] = []
  const hashes: Uint8Array[] = [genesisHash(sha256, stream)]
  let hlc: Hlc = hlcZero
  let acked = 0
  let cloud = 0
  const hashAt = (seq: number) => hashes[seq] ?? new Uint8Array(32)
  const add: Add = (type, { id, sessionId, staffId }, body) => {
    const now = new Date()
    const occurredAt = now.toISOString()
    const draft = {
      ...{
        id,
        type,
        v: catalogue[type].v,
        scope: `shop:${till.shopId}`,
        actor: `staff:${staffId}`,
      },
      ...{ occurredAt, businessDate: businessDateOf(occurredAt, shop.timeZone), refs: [], body },
      keys: [`session:${sessionId}`],
    }
    const head = { stream, seq: facts.length, hash: hashAt(facts.length) }
    const made = seal({ org, author, epoch, sha256 }, { head, hlc, nowMs: now.getTime() }, [draft])
    hlc = made.hlc
    for (const { bytes, hash } of made.sealed) {
      facts.push(bytes)
      hashes.push(hash)
    }
  }
  const outbox: Outbox = {
    heads: async () => [{ stream, seq: facts.length, hash: hashAt(facts.length), ackedSeq: acked }],
    hashAt: async (_stream, seq) => hashes[seq],
    read: async (_stream, after, { factsMax }) => {
      const batch = facts.slice(after, after + factsMax)
      const seq = after + batch.length
      const [prevHash, lastHash] = [hashAt(after), hashAt(seq)]
      return { stream, from: after + 1, prevHash, lastHash, facts: batch, seq }
    },
    noteAcks: async (acks) => {
      for (const ack of acks) {
        acked = ack.seq
        cloud = Math.max(cloud, ack.cloudSeq)
      }
    },
    noteCloud: async (positions) => {
      for (const { seq } of positions) cloud = Math.max(cloud, seq)
    },
  }
  const waiting = () => ({ store: facts.length - acked, cloud: facts.length - cloud })
  return { add, outbox, waiting }
}

function openSession(enrolment: Enrolment, ask: OpenTill, add: Add): () => string {
  const currency = enrolment.shop.currency as Currency
  const at = { shopId: enrolment.till.shopId as ShopId, tillId: ask.tillId as TillId }
  const staffId = ask.staffId as StaffId
  const till = { id: at.tillId, shopId: at.shopId, active: true }
  const staff = { id: staffId, active: true }
  const opened = decideOpenTill(
    { at, till, currency, staff, openSessionId: undefined },
    { currency, floatMinor: minor(1_000_00) },
  )
  if (!opened.ok) throw new Error(`no session: ${opened.refusal.code}`)
  const session: TillSession = { ...opened.value, id: newId() as SessionId, state: 'open' }
  add('till.opened', { id: session.id, sessionId: session.id, staffId }, opened.value)

  const authority: Authority = {
    ...{ actId: session.id, at: new Date().toISOString() },
    actor: { staffId, permissions: ['sale.create'], limits: [] },
  }
  const product: Product = {
    id: ask.product.id as ProductId,
    ...{ code: 'DRILL', name: 'Drill', currency, vatBasisPoints: 700, active: true },
    priceMinor: minor(ask.product.priceMinor),
  }
  let lastCounter = 0
  return () => {
    const id = newId()
    const businessDate = businessDateOf(new Date().toISOString(), enrolment.shop.timeZone)
    const receipt = { tillNumber: enrolment.till.number, businessDate, lastCounter }
    const products = new Map([[product.id as string, product]])
    const sale = decideCompleteSale(
      { at, session, products, authority, receipt },
      {
        ...{ staffId, currency, lines: [{ productId: product.id, quantity: 1_000 }] },
        tenders: [{ method: 'cash', givenMinor: product.priceMinor }],
      },
    )
    if (!sale.ok) throw new Error(`no sale: ${sale.refusal.code}`)
    lastCounter = sale.value.receiptCounter
    add('sale.completed', { id, sessionId: session.id, staffId }, sale.value)
    return id
  }
}

const newId = () => uuidv7(Date.now(), randomBytes(10))

const timer: Timer = {
  after: (ms, call) => {
    const handle = setTimeout(call, ms)
    return () => clearTimeout(handle)
  },
  elapsed: () => performance.now(),
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${text}`)
  return JSON.parse(text) as T
}
