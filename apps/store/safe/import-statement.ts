import { createHash } from 'node:crypto'
import { type ShopId, uuidFromHash } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { BagId } from '@tillkeeper/core/safe/deposit-bag.ts'
import {
  decideMatchStatement,
  type MatchStatementRefusal,
  type StatementLineId,
} from '@tillkeeper/core/safe/match-statement.ts'
import type { ChangeOrderId } from '@tillkeeper/core/safe/order-change.ts'
import {
  decideSetLineAside,
  decideUndoLine,
  type SetLineAsideRefusal,
  type SettleLineState,
  type UndoLineRefusal,
} from '@tillkeeper/core/safe/set-line-aside.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { listBags } from '@tillkeeper/projections/safe/bag-sql.ts'
import { listChangeOrders } from '@tillkeeper/projections/safe/change-order-sql.ts'
import { countKnownLines, listStatementLines } from '@tillkeeper/projections/safe/statement-sql.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { recordSafeAct, type SafeActing } from './record-safe-act.ts'

export type ImportStatement = {
  readonly account: string
  readonly currency: Currency
  readonly fileName: string
  readonly lines: readonly {
    readonly bookedOn: string
    readonly amountMinor: Minor
    readonly reference: string
    readonly description: string
  }[]
}

/** Of the lines of a file, how many are new here. */
export type Imported = Done & { readonly added: number; readonly known: number }

/**
 * Reads in lines of the bank's statement. A line is named by what it says and by how many like it stand before it,
 * so the same file, or one that overlaps, adds nothing twice.
 */
export async function importStatement(
  node: StoreNode,
  acting: SafeActing,
  { lines, ...statement }: ImportStatement,
): Promise<Outcome<Imported, ActRefusal>> {
  const { org, shopId } = node
  const { account, currency } = statement
  const named = nameLines({ shopId, account, currency }, lines)
  let known = 0
  const done = await recordSafeAct<object, never>(
    node,
    acting,
    'statement.imported',
    async (tx) => {
      const ids = named.map(({ id }) => id)
      known = await countKnownLines(tx, org, ids)
      return accepted({ shopId, staffId: acting.staffId, ...statement, lines: named })
    },
  )
  if (!done.ok) return done
  if (done.value.repeated) known = named.length
  return accepted({ ...done.value, known, added: named.length - known })
}

function nameLines(
  of: { readonly shopId: ShopId; readonly account: string; readonly currency: Currency },
  lines: ImportStatement['lines'],
) {
  const seen = new Map<string, number>()
  return lines.map((line) => {
    const said = canonicalJson({ ...of, ...line })
    const nth = (seen.get(said) ?? 0) + 1
    seen.set(said, nth)
    const hash = createHash('sha256').update(`${nth}/${said}`).digest()
    return { id: uuidFromHash(hash) as StatementLineId, ...line }
  })
}

/** Books that a line of the statement is these bags and orders. */
export function matchStatement(
  node: StoreNode,
  acting: SafeActing,
  {
    lineId,
    bags,
    orders,
  }: {
    readonly lineId: StatementLineId
    readonly bags: readonly BagId[]
    readonly orders: readonly ChangeOrderId[]
  },
): Promise<Outcome<Done, MatchStatementRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordSafeAct(node, acting, 'statement.matched', async (tx) => {
    const shops = new Set([shopId])
    const limit = bags.length + orders.length + 1
    const [lines, foundBags, foundOrders] = await Promise.all([
      listStatementLines(tx, org, { shops, ids: [lineId], limit: 1 }),
      listBags(tx, org, { shops, ids: bags, limit }),
      listChangeOrders(tx, org, { shops, ids: orders, limit }),
    ])
    const [line] = lines.items
    return decideMatchStatement(
      {
        ...{ shopId, line, lineMatched: line !== undefined && line.match !== null },
        lineAside: line !== undefined && line.aside !== null,
        bags: foundBags.items.map((bag) => ({
          ...bag,
          booked: bag.steps.find(({ step }) => step === 'deposited')?.credited ?? [],
        })),
        orders: foundOrders.items.map((order) => ({
          ...order,
          booked: order.steps.find(({ step }) => step === 'received')?.cash ?? [],
        })),
      },
      { staffId: acting.staffId, bags, orders },
    )
  })
}

type OfLine = { readonly lineId: StatementLineId; readonly reason: string }

/** Says that a line of the statement is no deposit and no change order. */
export function setLineAside(
  node: StoreNode,
  acting: SafeActing,
  { lineId, reason }: OfLine,
): Promise<Outcome<Done, SetLineAsideRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'statement.set_aside', async (tx) =>
    decideSetLineAside(await readLine(tx, node, lineId), { staffId: acting.staffId, reason }),
  )
}

/** Takes back what was said of a line: it waits again, and so do its bags and orders. */
export function undoLine(
  node: StoreNode,
  acting: SafeActing,
  { lineId, reason }: OfLine,
): Promise<Outcome<Done, UndoLineRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'statement.undone', async (tx) =>
    decideUndoLine(await readLine(tx, node, lineId), { staffId: acting.staffId, reason }),
  )
}

async function readLine(
  tx: Tx,
  { org, shopId }: StoreNode,
  lineId: StatementLineId,
): Promise<SettleLineState> {
  const shops = new Set([shopId])
  const [line] = (await listStatementLines(tx, org, { shops, ids: [lineId], limit: 1 })).items
  const { match = null, aside = null } = line ?? {}
  if (match !== null) {
    return { shopId, line, said: { kind: 'match', id: match.id, bookedMinor: match.bookedMinor } }
  }
  return { shopId, line, said: aside === null ? undefined : { kind: 'aside', id: aside.id } }
}
