import type { OrgId, ProductId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, seal } from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { readPart } from '@tillkeeper/projections/journal/read-part.ts'
import { receiveParts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import { makeTrade, pickFrom } from './make-trade.ts'

// A shop that was cut off: what its tills sold waits in its server, taken and projected by the code that
// takes it from tills.

export type ShopOfRace = {
  readonly org: OrgId
  readonly shopId: ShopId
  readonly tillIds: readonly TillId[]
  readonly staffIds: readonly StaffId[]
  readonly products: readonly {
    readonly id: string
    readonly code: string
    readonly name: string
    readonly priceMinor: number
    readonly vatBasisPoints: number
  }[]
  readonly currency: string
}

export type Filled = { readonly facts: number; readonly sales: number; readonly bytes: number }

const batchFacts = 1_000
const salesPerDay = 300
const firstDayMs = Date.UTC(2026, 5, 1)
const recordedAt = '2026-06-30T00:00:00.000Z'

/** Seals as many sales as are asked for, shared among the tills, and lets the shop's database have them. */
export async function fillShop(
  db: Db,
  shop: ShopOfRace,
  { sales, seed }: { readonly sales: number; readonly seed: number },
): Promise<Filled> {
  const tills = shop.tillIds.map((tillId, index) => openTill(shop, { tillId, index, seed }))
  const filled = { facts: 0, sales: 0, bytes: 0 }
  for (let left = sales; left > 0; ) {
    const share = Math.min(batchFacts, Math.ceil(left / tills.length))
    const parts = tills.map((till) => till.next(Math.min(share, left)))
    for (const { sold, part } of parts) {
      left -= sold
      filled.sales += sold
      filled.facts += part.facts.length
      filled.bytes += part.facts.reduce((sum, fact) => sum + fact.length, 0)
    }
    const asked = parts.flatMap(({ part }) =>
      part.facts.length === 0 ? [] : [{ part: readPart(part) }],
    )
    const answers = await db.begin((tx) => receiveParts(tx, asked))
    const bad = answers.find(({ kind }) => kind !== 'ok')
    if (bad !== undefined) throw new Error(`a part is not taken: ${JSON.stringify(bad)}`)
    while ((await projectPending(db, shop.org)).more);
  }
  return filled
}

function openTill(
  { org, shopId, staffIds, products, currency }: ShopOfRace,
  {
    tillId,
    index,
    seed,
  }: { readonly tillId: TillId; readonly index: number; readonly seed: number },
) {
  const author = `t-${tillId}`
  const stream = authorStreamId(author, '1.0', 'business')
  const trade = makeTrade(
    {
      ...{ shopId, tillId, tillNumber: index + 1, staff: staffIds, firstDayMs, salesPerDay },
      currency: currency as Currency,
      products: products.map((product) => ({
        ...product,
        ...{ id: product.id as ProductId, priceMinor: minor(product.priceMinor) },
        ...{ currency: currency as Currency, active: true },
      })),
    },
    pickFrom(seed + index),
  )
  let head = { stream, seq: 0, hash: genesisHash(sha256, stream) }
  let hlc: Hlc = hlcZero
  return {
    /** The till's next acts, with so many sales among them. */
    next: (sales: number) => {
      const drafts: FactDraft[] = []
      let sold = 0
      while (sold < sales) {
        const { value } = trade.next()
        if (value.type === 'sale.completed') sold += 1
        drafts.push(value)
      }
      const nowMs = Date.parse(drafts.at(-1)?.occurredAt ?? recordedAt)
      const before = head
      const done = seal({ org, author, epoch: '1.0', sha256 }, { head, hlc, nowMs }, drafts)
      head = done.head
      hlc = done.hlc
      const facts = done.sealed.map(({ bytes }) => bytes)
      const from = before.seq + 1
      return { sold, part: { org, stream, from, prevHash: before.hash, facts, recordedAt } }
    },
  }
}
