import type { Authority } from '@tillkeeper/core/approval/check-approval.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import type { RatesHeld } from '@tillkeeper/core/money/rate.ts'
import {
  checkMachineUses,
  type KnownAttempt,
  usesOfTenders,
} from '@tillkeeper/core/recycler/check-machine-use.ts'
import {
  type CompleteSale,
  type CompleteSaleRefusal,
  decideCompleteSale,
  type SaleCompleted,
} from '@tillkeeper/core/sale/complete-sale.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { readKnownAttempts } from '@tillkeeper/projections/cash/known-attempts-sql.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { lockHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findRatesAt } from '@tillkeeper/projections/registers/rate-sql.ts'
import { findPriorActs, type PriorAct } from '../act/act-sql.ts'
import type { MachineUseRefusal } from '../act/check-machine.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  answerRepeat,
  type Done,
  dateAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type ApprovalUseRefusal, type ByRight, readAuthority } from '../approval/read-authority.ts'
import { daysAround, readSessions, type SessionHeld } from '../till/session-sql.ts'
import { readProducts } from './product-sql.ts'

/** A sale as it is asked for, by whom, and in which session. */
export type AskedSale = Acting & {
  readonly sessionId: SessionId
  /** Who sells; a system sells in the name of whose session it is. */
  readonly seller: { readonly id: StaffId; readonly name: string } | undefined
  /** By whose right another price than the catalogue's is asked. */
  readonly right: ByRight
  readonly command: Omit<CompleteSale, 'staffId'>
}

/** A sale that was made now, as its fact says it. */
export type SaleMade = {
  readonly body: SaleCompleted
  readonly staffName: string
  readonly occurredAt: string
  readonly businessDate: string
  readonly recordedAt: string
}

/** `made` where the sale is new; a repeat is read from the tables. */
export type SaleDone = Done & { readonly made?: SaleMade }
export type SaleOutcome = Outcome<
  SaleDone,
  CompleteSaleRefusal | ApprovalUseRefusal | MachineUseRefusal | ActRefusal
>

/**
 * Makes all sales that wait, in one transaction and one flush to the disk: each is decided by itself, and
 * those that are accepted are sealed, journalled and applied together. It throws, and none is made,
 * where the database fails.
 */
export async function completeSales(
  node: StoreNode,
  asked: readonly AskedSale[],
): Promise<readonly SaleOutcome[]> {
  const { author } = node
  const now = node.now()
  const { outcomes, recorded } = await node.writeDb.begin(async (tx) => {
    const { head, ...known } = await readKnown(tx, node, { asked, now })
    const decided = decideSales(node, asked, { ...known, now })
    if (decided.drafts.length > 0) {
      await recordFacts(tx, author, decided.drafts, {
        nowMs: now.getTime(),
        recordedAt: now.toISOString(),
        fingerprints: decided.fingerprints,
        head,
      })
    }
    return { outcomes: decided.outcomes, recorded: decided.drafts.length > 0 }
  })
  if (recorded) node.onRecorded()
  return outcomes
}

type Known = {
  readonly prior: ReadonlyMap<string, PriorAct>
  readonly sessions: ReadonlyMap<string, SessionHeld>
  readonly products: ReadonlyMap<string, Product>
  /** By sale: the rates that held when it was made, of sales that are paid in other currencies too. */
  readonly rates: ReadonlyMap<string, RatesHeld>
  /** By sale: by whose right it may ask for another price. */
  readonly rights: ReadonlyMap<string, Outcome<Authority, ApprovalUseRefusal>>
  /** Attempts of cash recyclers that sales name. */
  readonly attempts: readonly KnownAttempt[]
}

// One round trip for all: nothing that is read depends on what else is read. So the days of the receipt
// counters are those that it may be anywhere on earth; the session's shop then says which it is.
async function readKnown(
  tx: Tx,
  node: StoreNode,
  { asked, now }: { readonly asked: readonly AskedSale[]; readonly now: Date },
) {
  const {
    author: { org, stream },
    shopId,
  } = node
  const nowAt = now.toISOString()
  const days = new Set(asked.flatMap(({ occurredAt = nowAt }) => daysAround(occurredAt)))
  const ids = [...new Set(asked.map(({ sessionId }) => sessionId))]
  const productIds = asked.flatMap(({ command }) => command.lines.map(({ productId }) => productId))
  const attemptIds = asked.flatMap(({ command }) =>
    command.tenders.flatMap(({ attemptId }) => attemptId ?? []),
  )
  const [head, prior, sessions, products, rates, rights, attempts] = await Promise.all([
    lockHead(tx, org, stream),
    findPriorActs(
      tx,
      org,
      asked.map(({ id }) => id),
    ),
    readSessions(tx, org, { ids, days: [...days] }),
    readProducts(tx, org, [...new Set(productIds)]),
    Promise.all(
      asked.filter(paysForeign).map(async ({ id, occurredAt: at = nowAt, command }) => {
        const held = await findRatesAt(tx, org, { base: command.currency, shopId, at })
        return [id, held] as const
      }),
    ),
    // A sale without an approval, which is nearly every one, asks the database nothing.
    Promise.all(
      asked.map(async ({ id, right }) => {
        return [id, await readAuthority(tx, node, { actId: id, ...right })] as const
      }),
    ),
    readKnownAttempts(tx, org, [...new Set(attemptIds)]),
  ])
  assert(head !== undefined, 'the stream of this node was begun at its start')
  const byId = { rates: new Map(rates), rights: new Map(rights) }
  return { head, prior, sessions, products, ...byId, attempts }
}

// Most sales are not, and wait for no rates.
function paysForeign({ command: { tenders, currency } }: AskedSale): boolean {
  return tenders.some((tender) => (tender.currency ?? currency) !== currency)
}

function decideSales(
  { shopId }: StoreNode,
  asked: readonly AskedSale[],
  { prior, sessions, products, rates, rights, attempts, now }: Known & { readonly now: Date },
) {
  const drafts: FactDraft[] = []
  const fingerprints = new Map<string, Uint8Array>()
  // What earlier sales of this batch took: till and day, with the last counter given out.
  const counters = new Map<string, number>()
  const named: KnownAttempt[] = []

  const decide = (sale: AskedSale): SaleOutcome => {
    const inBatch = fingerprints.get(sale.id)
    if (inBatch !== undefined) return answerRepeat(sale, inBatch)
    const before = prior.get(sale.id)
    if (before !== undefined) return answerRepeat(sale, before.fingerprint)
    const dated = dateAct(sale, now)
    if (!dated.ok) return dated

    const held = sessions.get(sale.sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, timeZone, series, rounding } = held
    const authority = rights.get(sale.id)
    assert(authority !== undefined, 'the right of each sale was read')
    if (!authority.ok) return authority
    const occurredAt = dated.value
    const businessDate = businessDateOf(occurredAt, timeZone)
    const counter = `${series.id}/${businessDate}`
    const lastCounter = counters.get(counter) ?? held.counters.get(businessDate) ?? 0
    const receipt = { tillNumber: series.number, businessDate, lastCounter }
    const decided = decideCompleteSale(
      {
        ...{ at: { shopId }, session, products, authority: authority.value, receipt },
        ...{ rates: rates.get(sale.id), rounding },
      },
      { ...sale.command, staffId: sale.seller?.id ?? session.staffId },
    )
    if (!decided.ok) return decided

    const { id, actor } = sale
    const body = decided.value
    const uses = usesOfTenders('sale', body)
    const checked = checkMachineUses(uses, [...named, ...attempts])
    if (!checked.ok) return checked
    named.push(...uses.map((use) => ({ ...use, isEnded: false, isUsed: true, moved: [] })))
    const when = { occurredAt, businessDate }
    const place = { shopId, sessionId: session.id }
    drafts.push(draftAct({ type: 'sale.completed', id, ...place, actor, ...when, body }))
    fingerprints.set(id, sale.fingerprint)
    counters.set(counter, body.receiptCounter)
    const staffName = sale.seller?.name ?? held.staffName
    const made = { body, staffName, ...when, recordedAt: now.toISOString() }
    return accepted({ id, repeated: false, made })
  }
  return { outcomes: asked.map(decide), drafts, fingerprints }
}
