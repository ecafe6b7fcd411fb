import { minor } from '@tillkeeper/core/money/money.ts'
import { pieces, takeOut } from './work-till.ts'
import {
  act,
  dateOf,
  differs,
  drawerOf,
  foreign,
  moved,
  safeOf,
  server,
  somebody,
  type TillNow,
  thb,
  type Year,
} from './year.ts'

// What the shop's server says of a day: drops, the safe, bags, change, funds, and advances. It is another author
// than the tills, so what belongs together arrives in any order.

const categoryId = '01940000-0000-7000-8000-0000000000e3'

/** Confirms the day's drops; now and then one is not what was said. */
export function confirmDrops(year: Year): void {
  for (const { id, sessionId, amountMinor } of year.open.drops.splice(0)) {
    if (year.chance.once(3)) continue
    const varianceMinor = year.chance.once(8) ? -100 : 0
    act(year, server, {
      type: 'cash.confirmed',
      body: {
        ...{ sessionId, staffId: somebody(year), movementId: id, currency: thb, varianceMinor },
        ...{ droppedMinor: amountMinor, countedMinor: amountMinor + varianceMinor },
      },
    })
    differs(year, safeOf(year), { currency: thb, minor: varianceMinor })
  }
}

/** Seals what the safe has more than it needs, and brings the bags of days before to the bank. */
export function bank(year: Year): void {
  const { shopId, truth, chance, open, day } = year
  const safe = safeOf(year)
  for (const bag of open.bags.filter(({ sealedOn }) => sealedOn < day)) {
    const short = chance.once(10) ? 2_000 : 0
    const credited = bag.cash.map(({ currency, minor: sealed }) => ({
      currency,
      minor: Math.max(0, sealed - (currency === thb ? short : 0)),
    }))
    const about = { bagId: bag.id, staffId: somebody(year) }
    act(year, server, { type: 'bag.verified', body: about })
    act(year, server, { type: 'bag.collected', body: { ...about, carrier: 'Brinks' } })
    const banked = { bankedOn: dateOf(year), reference: 'D', cash: bag.cash, credited }
    act(year, server, { type: 'bag.deposited', body: { ...about, ...banked } })
    for (const [index, { currency, minor: sealed }] of bag.cash.entries()) {
      moved(year, {
        from: `bag:${shopId}:${bag.id}`,
        to: `bank:${shopId}`,
        currency,
        minor: sealed,
      })
      const more = (credited[index]?.minor ?? 0) - sealed
      differs(year, `bank:${shopId}`, { currency, minor: more })
    }
  }
  open.bags = open.bags.filter(({ sealedOn }) => sealedOn >= day)
  if (day % 2 === 0) return
  const cash = [thb, ...foreign].flatMap((currency) => {
    const spare = truth.held(safe, currency) - (currency === thb ? 1_500_000 : 0)
    if (spare <= 0) return []
    const made = pieces(year, currency, spare)
    return [{ currency, minor: minor(spare), ...(made === undefined ? {} : { pieces: made }) }]
  })
  if (cash.length === 0) return
  const sealed = { number: `B-${day}`, staffId: somebody(year), cash }
  const id = act(year, server, { type: 'bag.sealed', body: sealed })
  open.bags.push({ id, sealedOn: day, cash })
  for (const { currency, minor: amount } of cash) {
    moved(year, { from: safe, to: `bag:${shopId}:${id}`, currency, minor: amount })
  }
}

/** Change comes from the bank, so that there are floats to give. */
export function orderChange(year: Year, amountMinor: number): void {
  const { shopId } = year
  const made = pieces(year, thb, amountMinor)
  const amount = {
    currency: thb,
    minor: amountMinor,
    ...(made === undefined ? {} : { pieces: made }),
  }
  const staffId = somebody(year)
  const orderId = act(year, server, { type: 'change.ordered', body: { staffId, cash: [amount] } })
  act(year, server, { type: 'change.received', body: { orderId, staffId, cash: [amount] } })
  moved(year, { from: `bank:${shopId}`, to: safeOf(year), currency: thb, minor: amountMinor })
}

/** The safe is counted; a coin may be missing. */
export function countSafe(year: Year, { first }: { readonly first: boolean }): void {
  const held = year.truth.held(safeOf(year), thb)
  const varianceMinor = first ? 5_000_000 : year.chance.one([0, 0, -100, 25])
  const countedMinor = held + varianceMinor
  if (countedMinor < 0) return
  const made = pieces(year, thb, countedMinor)
  const counted = { currency: thb, countedMinor, expectedMinor: held, varianceMinor, first }
  act(year, server, {
    type: 'safe.counted',
    body: {
      staffId: somebody(year),
      counted: [{ ...counted, ...(made === undefined ? {} : { pieces: made }) }],
    },
  })
  const safe = safeOf(year)
  if (!first) differs(year, safe, { currency: thb, minor: varianceMinor })
  else moved(year, { from: `owner:${year.shopId}`, to: safe, currency: thb, minor: varianceMinor })
}

/** Somebody works a stall with change of their own for a day, and brings it back less a coin. */
export function lendFund(year: Year): void {
  const { shopId, chance } = year
  const staffId = somebody(year)
  const amount = 50_000
  const about = { staffId, byStaffId: somebody(year) }
  const held = `fund:${shopId}:${staffId}`
  act(year, server, {
    type: 'fund.issued',
    body: { ...about, cash: [{ currency: thb, minor: amount }] },
  })
  moved(year, { from: safeOf(year), to: held, currency: thb, minor: amount })
  const varianceMinor = chance.once(3) ? -200 : 0
  const back = amount + varianceMinor
  const settled = varianceMinor === 0 ? {} : { settled: [{ currency: thb, varianceMinor }] }
  act(year, server, {
    type: 'fund.returned',
    body: { ...about, cash: [{ currency: thb, minor: back }], ...settled },
  })
  moved(year, { from: held, to: safeOf(year), currency: thb, minor: back })
  differs(year, held, { currency: thb, minor: varianceMinor })
}

/** Somebody takes cash for ice out of a drawer; it comes home on this day or on another. */
export function payExpense(year: Year, till: TillNow & { session: object }): void {
  const session = till.session as NonNullable<TillNow['session']>
  const takenBy = somebody(year)
  const amountMinor = minor(1_000 * (1 + year.chance.pick(20)))
  const author = till.number - 1
  const id = act(year, author, {
    type: 'expense.requested',
    body: {
      ...{ categoryId, categoryName: 'Ice', staffId: takenBy, currency: thb, amountMinor },
      ...{ purpose: 'two bags', needsReceipt: true, above: [] },
    },
  })
  const answer = { expenseId: id, approverId: somebody(year), method: 'pin' }
  const approvalId = act(year, server, {
    type: 'expense.approved',
    body: { ...answer, currency: thb, amountMinor },
  })
  const from = { tillId: till.id, sessionId: session.id }
  act(year, author, {
    type: 'expense.paid',
    body: {
      ...{ expenseId: id, categoryId, staffId: session.staffId, takenBy, currency: thb },
      ...{ amountMinor, ...from, approvalId, limits: {} },
    },
  })
  session.totals = takeOut(session.totals, amountMinor)
  const held = `advance:${year.shopId}:${id}`
  moved(year, { from: drawerOf(till), to: held, currency: thb, minor: amountMinor })
  year.open.advances.push({ id, categoryId, takenBy, amountMinor })
}

/** An advance comes home to the safe: what was spent, what is left, and what nobody can say. */
export function settleExpense(year: Year): void {
  const advance = year.open.advances.shift()
  if (advance === undefined) return
  const { id, takenBy, amountMinor } = advance
  const spentMinor = year.chance.pick(amountMinor + 1)
  const varianceMinor = year.chance.once(5) ? -Math.min(100, amountMinor - spentMinor) : 0
  const returnedMinor = amountMinor - spentMinor + varianceMinor
  act(year, server, {
    type: 'expense.settled',
    body: {
      ...{ expenseId: id, categoryId, staffId: somebody(year), takenBy, currency: thb },
      ...{ givenMinor: amountMinor, spentMinor, returnedMinor, varianceMinor },
    },
  })
  const held = `advance:${year.shopId}:${id}`
  const legs = { from: held, currency: thb }
  moved(year, { ...legs, to: `supplier:${year.shopId}`, minor: spentMinor })
  moved(year, { ...legs, to: safeOf(year), minor: returnedMinor })
  differs(year, held, { currency: thb, minor: varianceMinor })
}
