import type { OrgId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import { makeTrade, pickFrom } from '../catch-up/make-trade.ts'

const factsAtOnce = 1_000

export type FillTill = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  /** Ids follow from it: another for each till. */
  readonly seed: number
  readonly staffId: StaffId
  readonly products: readonly Product[]
  readonly currency: Currency
  readonly firstDayMs: number
  readonly salesPerDay: number
  /** Days of business; each is a session, and each but an open one is counted at its end. */
  readonly days: number
  /** The last session stays open. */
  readonly open: boolean
}

/** Sells at a till as a till would have it, into a shop's database. Returns the sessions. */
export async function fillTill(db: Db, fill: FillTill): Promise<readonly string[]> {
  const { org, tillId, days, open, staffId } = fill
  const trade = makeTrade({ ...fill, staff: [staffId] }, pickFrom(fill.seed))
  const drafts: FactDraft[] = []
  for (let closed = 0; closed < days; ) {
    const { value } = trade.next()
    if (value === undefined) break
    if (value.type === 'till.closed') closed += 1
    if (!open || closed < days) drafts.push(value)
  }
  await receive(db, { org, author: `t-${tillId}`, nowMs: fill.firstDayMs }, drafts)
  return drafts.filter(({ type }) => type === 'till.opened').map(({ id }) => id)
}

async function receive(
  db: Db,
  by: { readonly org: OrgId; readonly author: string; readonly nowMs: number },
  drafts: readonly FactDraft[],
): Promise<void> {
  const author = nodeAuthor(by.org, by.author, '1.0')
  const start = { stream: author.stream, seq: 0, hash: genesisHash(sha256, author.stream) }
  const state = { head: start, hlc: hlcZero, nowMs: by.nowMs }
  const { sealed } = seal({ ...author, sha256 }, state, drafts)
  for (let sent = 0; sent < sealed.length; sent += factsAtOnce) {
    const received = await db.begin((tx) =>
      receiveFacts(tx, {
        org: by.org,
        stream: author.stream,
        from: sent + 1,
        prevHash: sealed[sent - 1]?.hash ?? start.hash,
        facts: sealed.slice(sent, sent + factsAtOnce).map(({ bytes }) => bytes),
        recordedAt: new Date(by.nowMs).toISOString(),
      }),
    )
    if (received.kind !== 'ok') throw new Error(`a part is not taken: ${received.code}`)
  }
  while ((await projectPending(db, by.org)).more);
}
