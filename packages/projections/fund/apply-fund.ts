import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addCash, addVariance } from '../cash/add-cash.ts'
import { addToDrawer } from '../cash/apply-cash-moved.ts'
import { drawer, fund, overShort, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

type FundFact = AppliedOf<'fund.issued' | 'fund.returned'>

/** Inserts what staff were given and gave back; what is there already is left as it is. */
export async function insertFundEvents(
  tx: Tx,
  org: OrgId,
  facts: readonly FundFact[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact }) => {
    const { id, body, businessDate, occurredAt } = fact
    return {
      id,
      shop_id: body.shopId,
      staff_id: body.staffId,
      by_staff_id: body.byStaffId,
      kind: fact.type.slice('fund.'.length),
      cash: body.cash,
      settled: 'settled' in body ? body.settled : undefined,
      till_id: body.drawer?.tillId,
      session_id: body.drawer?.sessionId,
      note: body.note ?? '',
      business_date: businessDate,
      occurred_at: occurredAt,
    }
  })
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO staff_fund_event
      (org_id, id, shop_id, staff_id, by_staff_id, kind, cash, settled, till_id, session_id,
       note, business_date, occurred_at)
    SELECT ${org}::uuid, id, shop_id, staff_id, by_staff_id, kind, cash, settled, till_id, session_id,
      note, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, staff_id uuid, by_staff_id uuid, kind text, cash jsonb, settled jsonb,
       till_id uuid, session_id uuid, note text, business_date date, occurred_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** From the safe or a drawer into somebody's hands. */
export function addFundIssue(effects: Effects, { fact }: AppliedOf<'fund.issued'>): void {
  const { shopId, staffId, cash } = fact.body
  const held = fund(shopId, staffId)
  effects.touched.funds.add(held)
  const { place, sessionId } = placeOf(fact.body)
  const ways = { from: place, to: held, type: 'fund_issue', sessionId } as const
  addCash(effects, fact, { ...ways, part: 'issued', cash })
  addToSession(effects, fact.body, 'dropped_minor')
}

/** Back into the safe or a drawer; what is missing when all was given back is short, and the fund is empty. */
export function addFundReturn(effects: Effects, { fact }: AppliedOf<'fund.returned'>): void {
  const { shopId, staffId, cash, settled = [] } = fact.body
  const held = fund(shopId, staffId)
  effects.touched.funds.add(held)
  const { place, sessionId } = placeOf(fact.body)
  const ways = { from: held, to: place, type: 'fund_return', sessionId } as const
  addCash(effects, fact, { ...ways, part: 'returned', cash })
  addToSession(effects, fact.body, 'topped_up_minor')
  // A difference is the fund's, not the drawer's: no drawer was counted.
  for (const { currency, varianceMinor } of settled) {
    const at = { place: held, outside: overShort(shopId), part: 'settled' }
    addVariance(effects, fact, { ...at, currency, varianceMinor })
  }
  if (settled.some(({ varianceMinor }) => varianceMinor !== 0)) {
    effects.touched.settlements.add(fact.id)
  }
}

type FundBody = FundFact['fact']['body']

function placeOf({ shopId, drawer: of }: FundBody) {
  return of === undefined
    ? { place: safe(shopId), sessionId: undefined }
    : { place: drawer(of.tillId), sessionId: of.sessionId }
}

// It stays in the shop's care, so to the drawer it is as a drop or a top-up.
function addToSession(
  effects: Effects,
  { cash, drawer: of }: FundBody,
  column: 'dropped_minor' | 'topped_up_minor',
): void {
  if (of === undefined) return
  for (const { currency, minor } of cash) {
    const foreign = currency === of.currency ? undefined : (true as const)
    addToDrawer(effects, { sessionId: of.sessionId, currency, foreign }, { [column]: minor })
  }
  // A return of nothing is an act of the session all the same.
  if (cash.length === 0) addToDrawer(effects, { ...of, foreign: undefined }, {})
}
