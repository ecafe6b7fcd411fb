import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { isToldByNow } from '../cash/machine-payments-sql.ts'
import type { Reader } from '../db.ts'
import { readLiveSeq } from '../journal/live-sql.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'
import { machineAlerts } from '../recycler/machine-alerts-sql.ts'
import { listShops, type Shop } from '../registers/shop-sql.ts'
import { type DaySummary, emptyDay, listDaySummaries } from './day-summary-sql.ts'

/** Everything that the office's first screen shows of a day. */
export type Today = {
  readonly businessDate: Day
  /** Where the live feed stood before this was read: who resumes after it misses nothing. */
  readonly liveSeq: number
  readonly shops: readonly ShopToday[]
}

export type ShopToday = {
  readonly shop: Shop
  readonly day: DaySummary
  /** The same weekday a week before, whole. */
  readonly lastWeek: Pick<DaySummary, 'sales' | 'salesMinor' | 'refundsMinor'>
  /** Cash in its drawers and its safe, in the shop's currency. */
  readonly cashInShopMinor: Minor
  readonly openTills: number
  readonly exceptions: number
  /** When this server last learned of anything from it; null if never. */
  readonly lastSeenAt: Instant | null
}

/** Reads a day of all shops. */
export async function readToday(
  sql: Reader,
  org: OrgId,
  { shops, date }: { readonly shops: ShopScope; readonly date: Day },
): Promise<Today> {
  const liveSeq = await readLiveSeq(sql, org)
  const weekBefore = addDays(date, -7)
  const [all, days, before, standings] = await Promise.all([
    listShops(sql, org, { shops }),
    listDaySummaries(sql, org, { shops, from: date, to: date }),
    listDaySummaries(sql, org, { shops, from: weekBefore, to: weekBefore }),
    readStandings(sql, org, shops),
  ])
  const dayOf = (list: readonly DaySummary[], shop: Shop, businessDate: Day) =>
    list.find(({ shopId, currency }) => shopId === shop.id && currency === shop.currency) ??
    emptyDay({ shopId: shop.id, businessDate, currency: shop.currency })
  return {
    businessDate: date,
    liveSeq,
    shops: all.map((shop): ShopToday => {
      const { sales, salesMinor, refundsMinor } = dayOf(before, shop, weekBefore)
      const standing = standings.find(({ shopId }) => shopId === shop.id)
      return {
        shop,
        day: dayOf(days, shop, date),
        lastWeek: { sales, salesMinor, refundsMinor },
        cashInShopMinor: standing?.cashInShopMinor ?? minor(0),
        openTills: standing?.openTills ?? 0,
        exceptions: standing?.exceptions ?? 0,
        lastSeenAt: standing?.lastSeenAt ?? null,
      }
    }),
  }
}

function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

type Standing = {
  readonly shopId: ShopId
  readonly cashInShopMinor: Minor
  readonly openTills: number
  readonly exceptions: number
  readonly lastSeenAt: Instant | null
}

function readStandings(sql: Reader, org: OrgId, shops: ShopScope) {
  return sql<Standing[]>`
    SELECT shop.id AS "shopId", cash.minor AS "cashInShopMinor", open.tills AS "openTills",
      raised.exceptions, seen.at AS "lastSeenAt"
    FROM shop
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(balance_minor), 0)::bigint AS minor
      FROM cash_balance
      WHERE org_id = shop.org_id AND currency = shop.currency AND location IN (
        SELECT 'safe:' || shop.id
        UNION ALL
        SELECT 'drawer:' || till.id
        FROM till
        WHERE till.org_id = shop.org_id AND till.shop_id = shop.id
        UNION ALL
        SELECT part || ':' || shop.id || ':' || recycler.id
        FROM recycler
        CROSS JOIN (VALUES ('recycler'), ('cash_box')) AS parts (part)
        WHERE recycler.org_id = shop.org_id AND recycler.shop_id = shop.id
      )
    ) AS cash
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT session.till_id) AS tills
      FROM session_now AS session
      WHERE session.org_id = shop.org_id AND session.shop_id = shop.id AND session.state = 'open'
        AND NOT session.suspended
    ) AS open
    CROSS JOIN LATERAL (
      SELECT count(*) AS exceptions
      FROM (
        SELECT org_id, id, shop_id FROM exception WHERE ${isToldByNow(sql)}
        UNION ALL
        SELECT org_id, id, shop_id FROM totals_drift
        UNION ALL
        SELECT org_id, id, shop_id FROM (${machineAlerts(sql)}) AS alert
      ) AS exception
      WHERE exception.org_id = shop.org_id AND exception.shop_id = shop.id AND NOT EXISTS (
        SELECT FROM exception_seen AS seen
        WHERE seen.org_id = exception.org_id AND seen.id = exception.id
      )
    ) AS raised
    LEFT JOIN (${lastSeen(sql, org)}) AS seen ON seen.shop_id = shop.id
    WHERE shop.org_id = ${org} AND ${inScope(sql, 'shop.id', shops)}
  `
}

// The authors of a shop are its store node, `s-<shop>`, and its tills, `t-<till>`.
const lastSeen = (sql: Reader, org: OrgId) => sql`
  SELECT author.shop_id, max(journal.recorded_at) AS at
  FROM (
    SELECT id AS shop_id, 's-' || id AS name FROM shop WHERE org_id = ${org}
    UNION ALL
    SELECT shop_id, 't-' || id FROM till WHERE org_id = ${org}
  ) AS author
  JOIN stream
    ON stream.org_id = ${org} AND stream.kind = 'author'
    AND split_part(stream.stream, ':', 1) = author.name
  JOIN journal
    ON journal.org_id = stream.org_id AND journal.stream = stream.stream
    AND journal.seq = stream.head_seq
  GROUP BY author.shop_id
`
