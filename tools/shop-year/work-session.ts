import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expectedMinor } from '@tillkeeper/core/till/till-session.ts'
import { here, type Open, pieces, saidAs } from './work-till.ts'
import {
  act,
  differs,
  drawerOf,
  emptyTotals,
  foreign,
  moved,
  safeOf,
  server,
  somebody,
  type TillNow,
  thb,
  type Year,
} from './year.ts'

// The life of a session: from a float on what was left, over rests and other hands, to a blind count.

const floatWanted = 300_000

/** Opens a till on what was left in its drawer and a loan from the safe, or with less than was left. */
export function openTill(year: Year, till: TillNow): void {
  const staffId = somebody(year)
  const own = floatOf(year, till, thb)
  const others = foreign
    .filter((currency) => till.left.has(currency))
    .map((currency) => ({ currency, ...floatOf(year, till, currency) }))
  const { minor: floatMinor, ...from } = own
  const id = act(year, till.number - 1, {
    type: 'till.opened',
    v: 2,
    body: {
      ...{ tillId: till.id, staffId, currency: thb, floatMinor, ...from },
      ...saidAs('pieces', pieces(year, thb, floatMinor)),
      ...(others.length === 0 ? {} : { others }),
    },
  })
  till.session = {
    ...{ id: id as SessionId, staffId, floatMinor, totals: emptyTotals },
    others: new Map(others.map(({ currency, minor: float }) => [currency, float])),
  }
  for (const { currency, loanMinor, varianceMinor } of [{ currency: thb, ...own }, ...others]) {
    const ways = { from: safeOf(year), to: drawerOf(till), currency }
    moved(year, { ...ways, minor: loanMinor })
    differs(year, drawerOf(till), { currency, minor: varianceMinor })
  }
}

/** `float = left + loan + variance`; a loan only in baht, and now and then a coin that is gone. */
function floatOf({ chance }: Year, till: TillNow, currency: Currency) {
  const leftMinor = till.left.get(currency) ?? 0
  const loanMinor = currency === thb ? Math.max(0, floatWanted - leftMinor) : 0
  const varianceMinor = chance.once(15) && leftMinor + loanMinor >= 100 ? -100 : 0
  return {
    minor: minor(leftMinor + loanMinor + varianceMinor),
    leftMinor,
    loanMinor,
    varianceMinor,
  }
}

/** The drawer is counted in the middle, and goes to somebody else: nothing moves. */
export function handDrawerOver(year: Year, till: Open): void {
  const { session } = till
  const toStaffId = year.chance.one(year.people.filter((person) => person !== session.staffId))
  const expected = expectedOf(till)
  const count = { countedMinor: minor(Math.max(0, expected)), expectedMinor: expected }
  const varianceMinor = count.countedMinor - expected
  const place = { tillId: till.id, sessionId: session.id }
  act(year, till.number - 1, {
    type: 'till.counted',
    body: { ...here(till), kind: 'snap', currency: thb, ...count },
  })
  act(year, till.number - 1, {
    type: 'till.handed_over',
    body: {
      ...{ ...place, fromStaffId: session.staffId, toStaffId },
      counted: [{ currency: thb, ...count, varianceMinor }],
    },
  })
  session.staffId = toStaffId
}

/** A session rests, and goes on at another till with its drawer. */
export function carryDrawer(year: Year, till: Open): void {
  const { session } = till
  const expected = expectedOf(till)
  if (expected <= 0) return
  const [fromTillId, tillId] = [till.id, year.spare]
  const author = till.number - 1
  const carried = [
    { currency: thb, minor: expected },
    ...[...session.others].map(([currency, amount]) => ({ currency, minor: amount })),
  ].filter((amount) => amount.minor > 0)
  act(year, author, { type: 'till.suspended', body: here(till) })
  till.id = tillId
  year.spare = fromTillId
  act(year, author, { type: 'till.resumed', body: { ...here(till), fromTillId, carried } })
  for (const { currency, minor: amount } of carried) {
    moved(year, { from: `drawer:${fromTillId}`, to: drawerOf(till), currency, minor: amount })
  }
}

const expectedOf = ({ session }: Open) => expectedMinor(session.floatMinor, session.totals)

/** Closes a till on what lies in it: with the mistakes of the day, and now and then by two who count. */
export function closeTill(
  year: Year,
  till: Open,
  { forgotten = year.chance.once(25) }: { readonly forgotten?: boolean } = {},
): void {
  const { chance } = year
  const { session, secretMinor } = till
  const author = forgotten ? endFirst(year, till) : till.number - 1
  const expected = expectedOf(till)
  const miscount = chance.once(6) ? 100 * (chance.pick(9) - 4) : 0
  const countedMinor = minor(Math.max(0, expected + secretMinor + miscount))
  const own = { currency: thb, countedMinor, expectedMinor: expected }
  const others = [...session.others].map(([currency, held]) => ({
    ...{ currency, countedMinor: minor(held), expectedMinor: held, varianceMinor: 0 },
  }))
  const left = whatStays(year, [own, ...others])
  const counted = [{ ...own, varianceMinor: countedMinor - expected }, ...others]
  for (let times = chance.once(40) ? 2 : 1; times > 0; times -= 1) {
    act(year, author, {
      type: 'till.closed',
      v: 2,
      body: {
        ...{ ...here(till), ...counted[0] },
        ...saidAs('pieces', pieces(year, thb, countedMinor)),
        ...(others.length === 0 ? {} : { others }),
        ...(left.length === 0 ? {} : { left }),
      },
    })
    for (const { currency, countedMinor: found, varianceMinor } of counted) {
      differs(year, drawerOf(till), { currency, minor: varianceMinor })
      const stays = left.find((amount) => amount.currency === currency)?.minor ?? 0
      moved(year, { from: drawerOf(till), to: safeOf(year), currency, minor: found - stays })
    }
  }
  if (secretMinor !== 0) explain(year, till, secretMinor)
  const now: TillNow = till
  now.left = new Map(left.map((amount) => [amount.currency, amount.minor]))
  now.session = undefined
  now.secretMinor = 0
}

/** What is left in the drawer for the next float: some baht, and all of the other currencies or none. */
function whatStays(
  { chance }: Year,
  counted: readonly { readonly currency: Currency; readonly countedMinor: number }[],
) {
  if (chance.once(3)) return []
  return counted
    .map(({ currency, countedMinor }) => ({
      currency,
      minor: minor(currency === thb ? Math.min(countedMinor, 200_000) : countedMinor),
    }))
    .filter((amount) => amount.minor > 0)
}

/** A forgotten session is ended by the shop's server, where it is counted then. */
function endFirst(year: Year, till: Open): number {
  act(year, server, { type: 'till.ended', body: { ...here(till), reason: 'forgotten' } })
  return server
}

/** What was dropped and never said is found in the safe, and booked. */
function explain(year: Year, till: Open, secretMinor: number): void {
  const [from, to] = [`over_short:${year.shopId}`, safeOf(year)]
  const amountMinor = minor(-secretMinor)
  act(year, server, {
    type: 'till.explained',
    body: {
      ...{ sessionId: till.session.id, staffId: somebody(year), currency: thb },
      ...{ reason: 'missing_drop', class: 'explain', note: 'it lay in the safe' },
      bookings: [{ from, to, type: 'correction', amountMinor, currency: thb }],
    },
  })
  moved(year, { from, to, currency: thb, minor: amountMinor })
  act(year, server, {
    type: 'till.verified',
    body: { sessionId: till.session.id, staffId: somebody(year) },
  })
}
