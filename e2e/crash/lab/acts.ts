import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { type Answer, type Client, createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { type BaseChain, currency } from './base-chain.ts'
import type { Random } from './random.ts'

// Acts as an integrator asks for them. Each is one request that may be sent again and again: its id was
// chosen before the first.

export type Act = {
  readonly kind: 'sale' | 'refund' | 'open' | 'close' | 'movement'
  readonly id: string
  readonly path: string
  readonly body: object
}

/** What a server said of an act that it acknowledged; the same for ever. */
export type Acknowledged = {
  readonly id: string
  readonly kind: Act['kind']
  readonly receiptNumber: string | undefined
  readonly totalMinor: number | undefined
}

export const floatMinor = 100_000
const noteMinor = 100_000
const piecesMax = 3
const linesMax = 3

export function openTillAct({ staffId }: BaseChain, tillId: string): Act {
  const id = makeId()
  const body = { id, tillId, staffId, currency, floatMinor }
  return { kind: 'open', id, path: '/v1/till-sessions', body }
}

/** A cash sale of some products, with change. */
export function saleAct({ products }: BaseChain, sessionId: string, random: Random): Act {
  const id = makeId()
  const lines = Array.from({ length: random.whole(1, linesMax) }, () => {
    const product = random.pick(products)
    const pieces = random.whole(1, piecesMax)
    return { productId: product.id, pieces, totalMinor: product.priceMinor * pieces }
  })
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0)
  const body = {
    id,
    sessionId,
    currency,
    lines: lines.map(({ productId, pieces }) => ({ productId, quantity: pieces * 1_000 })),
    tenders: [{ method: 'cash', givenMinor: (Math.floor(totalMinor / noteMinor) + 1) * noteMinor }],
    expectedTotalMinor: totalMinor,
  }
  return { kind: 'sale', id, path: '/v1/sales', body }
}

/** All of a sale comes back for cash. */
export function refundAct(saleId: string, sessionId: string): Act {
  const id = makeId()
  const body = { id, sessionId, method: 'cash', reason: 'broken' }
  return { kind: 'refund', id, path: `/v1/sales/${saleId}/refunds`, body }
}

export function closeTillAct(sessionId: string, countedMinor: number): Act {
  const id = makeId()
  const path = `/v1/till-sessions/${sessionId}/close`
  return { kind: 'close', id, path, body: { id, countedMinor } }
}

export function moveCashAct(sessionId: string, random: Random): Act {
  const id = makeId()
  const path = `/v1/till-sessions/${sessionId}/movements`
  const kind = random.pick(['pay_in', 'pay_out', 'drop', 'top_up'] as const)
  const body = { id, kind, amountMinor: random.whole(1, 50) * 100, category: 'petty' }
  return { kind: 'movement', id, path, body }
}

type ActReply = {
  readonly id: string
  readonly receiptNumber?: string
  readonly totalMinor?: number
}

/** A client that asks once and reports what came, as an integrator that minds its own repeats. */
export function impatientClient(url: string, { apiKey }: BaseChain, timeoutMs: number): Client {
  const credentials = { kind: 'key', key: apiKey } as const
  return createClient({ baseUrl: url, credentials, timeoutMs, triesMax: 1 })
}

export function ask(client: Client, { path, body }: Act): Promise<Answer<ActReply & Session>> {
  return client.post<ActReply & Session>(path, body)
}

/** Reads an acknowledgement out of an answer; undefined where there is none. */
export function acknowledgedBy(act: Act, answer: Answer<ActReply>): Acknowledged | undefined {
  if (!answer.ok) return undefined
  const { receiptNumber, totalMinor } = answer.reply
  return { id: act.id, kind: act.kind, receiptNumber, totalMinor }
}
