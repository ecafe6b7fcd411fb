import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { type OpenItem, proposeMatches } from '@tillkeeper/core/safe/propose-matches.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { type BagRow, listBags } from '@tillkeeper/projections/safe/bag-sql.ts'
import {
  type ChangeOrderRow,
  listChangeOrders,
} from '@tillkeeper/projections/safe/change-order-sql.ts'
import { listStatementLines } from '@tillkeeper/projections/safe/statement-sql.ts'

/** As many lines, bags and orders are looked at together. */
const matchRowsMax = 300

/** The lines of a shop’s statements, and what those that nobody matched may be. */
export async function readBankMatch(db: Db, org: OrgId, shopId: ShopId) {
  const asked = { shops: new Set([shopId]), shopId, limit: matchRowsMax }
  const [open, done, bags, orders] = await Promise.all([
    listStatementLines(db, org, { ...asked, settled: false }),
    listStatementLines(db, org, { ...asked, settled: true }),
    listBags(db, org, asked),
    listChangeOrders(db, org, asked),
  ])
  const items = [...bags.items.flatMap(bagItems), ...orders.items.flatMap(orderItems)]
  return {
    lines: [...open.items, ...done.items],
    bags: bags.items,
    orders: orders.items,
    proposals: proposeMatches(open.items, items),
  }
}

/** What the bank should show of a bag: what it credited, or what was sealed as long as nobody said. */
function bagItems(bag: BagRow): OpenItem[] {
  if (bag.state === 'opened') return []
  const deposit = bag.steps.find(({ step }) => step === 'deposited')
  const collected = bag.steps.find(({ step }) => step === 'collected')
  const since = deposit?.bankedOn ?? collected?.occurredAt.slice(0, 10) ?? bag.businessDate
  const references = [deposit?.reference, collected?.reference].flatMap((text) => text ?? [])
  return bag.cash
    .filter(({ currency }) => !bag.matched.includes(currency))
    .map(({ currency, minor: sealed }) => {
      const credited = deposit?.credited?.find((credit) => credit.currency === currency)?.minor
      const amountMinor = credited ?? sealed
      const { id, number } = bag
      return { kind: 'bag', id, currency, amountMinor, since, number, references }
    })
}

function orderItems(order: ChangeOrderRow): OpenItem[] {
  const received = order.steps.find(({ step }) => step === 'received')
  if (received?.cash === undefined || received.cash === null) return []
  const since = order.businessDate
  const references = received.reference === null ? [] : [received.reference]
  return received.cash
    .filter(({ currency }) => !order.matched.includes(currency))
    .map(({ currency, minor: came }) => {
      const amountMinor = minor(-came)
      return { kind: 'order', id: order.id, currency, amountMinor, since, number: '', references }
    })
}
