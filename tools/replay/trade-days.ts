import { namedId } from './act.ts'
import type { Posting } from './plan.ts'
import { type Answer, post } from './post.ts'
import { layOut, payInCash } from './tender.ts'

/** A shop as the replay trades in it. */
export type ReplayShop = {
  readonly url: string
  readonly token: string
  readonly staffId: string
  readonly tillIds: readonly string[]
}

export type Trade = {
  readonly file: string
  readonly currency: string
  readonly productIds: ReadonlyMap<string, string>
  readonly shop: ReplayShop
  /** Told once for each answered posting, after the answer. */
  readonly onPosted: () => void
}

/** What a shop's trading led to, by the replay's own arithmetic. */
export type Traded = {
  /** Postings that the API refused, by row: there should be none. */
  readonly refused: readonly { readonly row: number; readonly reason: string }[]
  readonly sessions: number
  /** Sessions whose variance was not the one that was planted in the count. */
  readonly variances: readonly string[]
}

const floatMinor = 1_000_00
// As many requests as a busy shop with several tills has under way at once.
const underWayMax = 6

/**
 * Trades a shop's days in order: each day's tills are opened on a float, its postings sent, and its
 * tills closed on a blind count. Every seventh count is 20.00 short, so that variances are seen too.
 */
export async function tradeDays(trade: Trade, postings: readonly Posting[]): Promise<Traded> {
  const refused: { row: number; reason: string }[] = []
  const variances: string[] = []
  let sessions = 0
  for (const [day, ofDay] of Map.groupBy(postings, ({ day }) => day)) {
    const tills = [...Map.groupBy(ofDay, ({ till }) => till)]
    for (const [till, ofTill] of tills) {
      mustBeAccepted(await openSession(trade, { till, day, first: ofTill[0]?.occurredAt ?? '' }))
    }
    refused.push(...(await postAll(trade, ofDay)))
    for (const [till, ofTill] of tills) {
      sessions += 1
      const short = sessions % 7 === 0 ? 20_00 : 0
      const wrong = await closeSession(trade, { till, day, ofTill, short })
      if (wrong !== undefined) variances.push(wrong)
    }
  }
  return { refused, sessions, variances }
}

function sessionId(trade: Trade, till: number, day: string): string {
  return namedId(trade.file, 'session', trade.shop.tillIds[till] ?? '', day)
}

function shift(instant: string, minutes: number): string {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString()
}

function openSession(
  { shop, currency, ...trade }: Trade,
  { till, day, first }: { readonly till: number; readonly day: string; readonly first: string },
): Promise<Answer> {
  return post(shop.url, shop.token, {
    path: '/v1/till-sessions',
    body: {
      id: sessionId({ ...trade, shop, currency }, till, day),
      tillId: shop.tillIds[till],
      staffId: shop.staffId,
      occurredAt: shift(first, -5),
      currency,
      floatMinor,
      ...layOut(floatMinor, currency),
    },
  })
}

async function postAll(
  trade: Trade,
  postings: readonly Posting[],
): Promise<{ readonly row: number; readonly reason: string }[]> {
  const refused: { row: number; reason: string }[] = []
  const done = new Map<string, Promise<void>>()
  const queue = [...postings]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const posting = next
      const running = (async () => {
        // A refund of a sale that is still under way waits for it, as its customer would.
        if (posting.ask.kind === 'refund') await done.get(posting.ask.saleId)
        const { status, body } = await post(
          trade.shop.url,
          trade.shop.token,
          requestOf(trade, posting),
        )
        if (status !== 200 && status !== 201) {
          refused.push({ row: posting.row, reason: `${status} ${JSON.stringify(body)}` })
        }
        trade.onPosted()
      })()
      done.set(posting.id, running)
      await running
    }
  }
  await Promise.all(Array.from({ length: underWayMax }, worker))
  return refused
}

/** The total of a posting by the replay's own arithmetic: pieces times price. */
function totalOf({ ask }: Posting): number {
  return ask.lines.reduce((sum, { pieces, unitMinor }) => sum + pieces * unitMinor, 0)
}

function requestOf(
  trade: Trade,
  posting: Posting,
): { readonly path: string; readonly body: unknown } {
  const { id, ask, occurredAt, till, day, row, customerNumber, note } = posting
  const total = totalOf(posting)
  const common = { id, sessionId: sessionId(trade, till, day), occurredAt }
  if (ask.kind === 'sale') {
    const { changePieces, ...given } = payInCash(total, trade.currency, row)
    return {
      path: '/v1/sales',
      body: {
        ...common,
        currency: trade.currency,
        lines: ask.lines.map(({ code, pieces, unitMinor }) => ({
          productId: trade.productIds.get(code),
          quantity: pieces * 1000,
          unitPriceMinor: unitMinor,
        })),
        tenders: total === 0 ? [] : [{ method: 'cash', ...given }],
        expectedTotalMinor: total,
        ...(changePieces === undefined ? {} : { changePieces }),
        ...(customerNumber === undefined ? {} : { customerNumber }),
        ...(note === undefined ? {} : { note }),
      },
    }
  }
  const back = { ...common, method: 'cash', ...layOut(total, trade.currency), reason: 'returned' }
  if (ask.kind === 'refund') {
    const lines = ask.lines.map(({ lineNo, pieces }) => ({ lineNo, quantity: pieces * 1000 }))
    return { path: `/v1/sales/${ask.saleId}/refunds`, body: { ...back, lines } }
  }
  const lines = ask.lines.map(({ code, pieces, unitMinor }) => ({
    productId: trade.productIds.get(code),
    quantity: pieces * 1000,
    unitPriceMinor: unitMinor,
  }))
  return { path: '/v1/refunds', body: { ...back, currency: trade.currency, lines } }
}

async function closeSession(
  trade: Trade,
  session: {
    readonly till: number
    readonly day: string
    readonly ofTill: readonly Posting[]
    readonly short: number
  },
): Promise<string | undefined> {
  const { till, day, ofTill, short } = session
  const taken = ofTill.reduce(
    (sum, posting) => sum + (posting.ask.kind === 'sale' ? 1 : -1) * totalOf(posting),
    0,
  )
  // A drawer holds no less than nothing: a day of many returns was paid from elsewhere.
  const countedMinor = Math.max(0, floatMinor + taken - short)
  const id = sessionId(trade, till, day)
  const answer = mustBeAccepted(
    await post(trade.shop.url, trade.shop.token, {
      path: `/v1/till-sessions/${id}/close`,
      body: {
        id: namedId(id, 'close'),
        occurredAt: shift(ofTill.at(-1)?.occurredAt ?? '', 5),
        countedMinor,
        ...layOut(countedMinor, trade.currency),
      },
    }),
  )
  const close = answer.body.close as { readonly varianceMinor?: number } | null | undefined
  const wanted = countedMinor - (floatMinor + taken)
  if (close?.varianceMinor === wanted) return undefined
  return `session ${id}: wanted a variance of ${wanted}, found ${close?.varianceMinor}`
}

function mustBeAccepted(answer: Answer): Answer {
  if (answer.status === 200 || answer.status === 201) return answer
  throw new Error(`a till could not be opened or closed: ${JSON.stringify(answer)}`)
}
