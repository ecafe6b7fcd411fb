import type { OrgId, SessionId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { CashStory, ToldMovement, ToldSale } from '@tillkeeper/core/explain/cash-story.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor, sum } from '@tillkeeper/core/money/money.ts'
import { type ForeignChange, ownChangeMinor, type Tender } from '@tillkeeper/core/sale/tender.ts'
import type { Reader } from '../db.ts'

/** Of a session that sold more, the newest are told: a till that sells twice a minute all day. */
export const toldSalesMax = 5_000
const toldMovementsMax = 1_000
const toldRefundsMax = 1_000
/** As many movements of the weeks before say what is usual. */
const usualMax = 50
const usualDays = 60

type CloseRow = {
  readonly shopId: ShopId
  readonly currency: Currency
  readonly openedAt: string
  readonly floatMinor: Minor
  readonly floatPieces: Pieces | null
  readonly varianceMinor: Minor
  readonly countedPieces: Pieces | null
  readonly others:
    | readonly {
        readonly currency: Currency
        readonly varianceMinor: Minor
        readonly pieces?: Pieces
      }[]
    | null
}
type SaleRow = {
  readonly id: string
  readonly receiptNumber: string
  readonly at: string
  readonly currency: Currency
  readonly tenders: readonly Tender[]
  readonly changeMinor: Minor
  readonly change: readonly ForeignChange[] | null
  readonly changePieces: Pieces | null
  readonly linesMinor: readonly Minor[]
}
type MovementRow = ToldMovement & { readonly currency: Currency }
type RefundRow = Pick<SaleRow, 'id' | 'at' | 'currency' | 'tenders'>
type UsualRow = {
  readonly type: string
  readonly currency: Currency
  readonly amountMinor: Minor
}

/**
 * A closed session as the search for causes reads it: a story for each currency that was counted and
 * differs. None while it is not closed: before the count is sealed nobody is told what it lacks.
 */
export async function listCashStories(
  sql: Reader,
  org: OrgId,
  sessionId: SessionId,
): Promise<readonly CashStory[]> {
  const close = await findCounted(sql, org, sessionId)
  if (close === undefined) return []
  const differing = [
    {
      currency: close.currency,
      varianceMinor: close.varianceMinor,
      pieces: close.countedPieces ?? undefined,
    },
    ...(close.others ?? []),
  ].filter(({ varianceMinor }) => varianceMinor !== 0)
  if (differing.length === 0) return []
  const [sales, refunds, movements, usual] = await Promise.all([
    listToldSales(sql, org, sessionId),
    listToldRefunds(sql, org, sessionId),
    listToldMovements(sql, org, sessionId),
    listUsual(sql, org, close),
  ])
  return differing.map(({ currency, varianceMinor, pieces }) => {
    const isOwn = currency === close.currency
    const amounts = (type: string) =>
      usual
        .filter((each) => each.type === type && each.currency === currency)
        .map(({ amountMinor }) => amountMinor)
    return {
      ...{ currency, varianceMinor, openedAt: close.openedAt },
      floatMinor: isOwn ? close.floatMinor : minor(0),
      ...(isOwn && close.floatPieces !== null && { floatPieces: close.floatPieces }),
      sales: sales.map((sale) => saleIn(currency, sale)),
      refunds: refunds.map(({ id, at, ...refund }) => ({
        ...{ id, at },
        cashMinor: givenIn(currency, refund),
      })),
      movements: movements.filter((movement) => movement.currency === currency),
      ...(pieces !== undefined && { countedPieces: pieces }),
      usual: { dropsMinor: amounts('drop'), payOutsMinor: amounts('pay_out') },
    }
  })
}

/** What cash of a currency an act was paid with. */
function givenIn(currency: Currency, act: Pick<SaleRow, 'currency' | 'tenders'>): Minor {
  return sum(
    act.tenders.flatMap(({ method, givenMinor, foreign }) => {
      if (method !== 'cash') return []
      if (foreign !== undefined) return foreign.currency === currency ? [foreign.givenMinor] : []
      return act.currency === currency ? [givenMinor] : []
    }),
  )
}

function saleIn(currency: Currency, sale: SaleRow): ToldSale {
  const { id, receiptNumber, at, tenders, linesMinor } = sale
  const change = sale.change ?? []
  const isOwn = sale.currency === currency
  const other = change.find((each) => each.currency === currency)
  const pieces = isOwn ? sale.changePieces : other?.pieces
  return {
    ...{ id, receiptNumber, at },
    givenMinor: givenIn(currency, sale),
    changeMinor: isOwn ? ownChangeMinor({ ...sale, change }) : (other?.minor ?? minor(0)),
    ...(pieces !== null && pieces !== undefined && { changePieces: pieces }),
    others: isOwn
      ? tenders
          // What a machine took is known by the machine: nobody mistook it for cash of the drawer.
          .filter(({ method }) => method !== 'cash' && method !== 'machine')
          .map(({ method, amountMinor }) => ({ method, amountMinor }))
      : [],
    linesMinor: isOwn ? linesMinor : [],
  }
}

async function findCounted(sql: Reader, org: OrgId, sessionId: SessionId) {
  const [row] = await sql<CloseRow[]>`
    SELECT session.shop_id AS "shopId", session.currency, session.opened_at AS "openedAt",
      session.float_minor AS "floatMinor", session.float_pieces AS "floatPieces",
      closed.variance_minor AS "varianceMinor", closed.counted_pieces AS "countedPieces",
      to_jsonb(closed) -> 'others' AS others
    FROM till_session AS session
    JOIN till_close AS closed ON closed.org_id = session.org_id AND closed.session_id = session.id
    WHERE session.org_id = ${org} AND session.id = ${sessionId}
    ORDER BY closed.id
    LIMIT 1
  `
  return row
}

const listToldSales = (sql: Reader, org: OrgId, sessionId: SessionId) => sql<SaleRow[]>`
  SELECT id, "receiptNumber", at, currency, tenders, "changeMinor", change, "changePieces",
    "linesMinor"
  FROM (
    SELECT sale.id, sale.receipt_number AS "receiptNumber", sale.occurred_at AS at, sale.currency,
      sale.tenders, sale.change_minor AS "changeMinor", sale.change,
      sale.change_pieces AS "changePieces",
      (
        SELECT coalesce(jsonb_agg(line.total_minor ORDER BY line.line_no), '[]')
        FROM sale_line AS line
        WHERE line.org_id = sale.org_id AND line.sale_id = sale.id
      ) AS "linesMinor"
    FROM sale
    WHERE sale.org_id = ${org} AND sale.session_id = ${sessionId}
    ORDER BY sale.occurred_at DESC, sale.id DESC
    LIMIT ${toldSalesMax}
  ) AS told
  ORDER BY at, id
`

const listToldRefunds = (sql: Reader, org: OrgId, sessionId: SessionId) => sql<RefundRow[]>`
  SELECT id, occurred_at AS at, currency, tenders
  FROM refund
  WHERE org_id = ${org} AND session_id = ${sessionId}
  ORDER BY occurred_at, id
  LIMIT ${toldRefundsMax}
`

const listToldMovements = (sql: Reader, org: OrgId, sessionId: SessionId) => sql<MovementRow[]>`
  SELECT fact_id AS id, occurred_at AS at, type AS kind, amount_minor AS "amountMinor", currency
  FROM cash_transfer
  WHERE org_id = ${org} AND session_id = ${sessionId}
    AND type IN ('pay_in', 'pay_out', 'drop', 'top_up')
  ORDER BY occurred_at, id
  LIMIT ${toldMovementsMax}
`

const listUsual = (sql: Reader, org: OrgId, { shopId, openedAt }: CloseRow) => sql<UsualRow[]>`
  SELECT kind.type, usual.currency, usual.amount_minor AS "amountMinor"
  FROM (VALUES ('drop'), ('pay_out')) AS kind (type)
  CROSS JOIN LATERAL (
    SELECT currency, amount_minor
    FROM cash_transfer
    WHERE org_id = ${org} AND cash_transfer.type = kind.type AND shop_id = ${shopId}
      AND occurred_at < ${openedAt}::timestamptz
      AND occurred_at >= ${openedAt}::timestamptz - make_interval(days => ${usualDays})
    ORDER BY occurred_at DESC
    LIMIT ${usualMax}
  ) AS usual
`
