import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { verifiedAtOnceMax } from '@tillkeeper/core/verify/verify-movements.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { giveByMachine } from './work-machine.ts'
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

/** Confirms the day's drops; now and then one is not what was said, every third day one is more. */
export function confirmDrops(year: Year): void {
  const drops = year.open.drops.splice(0)
  lookAtMovements(year, drops.map(({ id }) => id).slice(0, verifiedAtOnceMax))
  for (const [index, { id, sessionId, amountMinor }] of drops.entries()) {
    const more = index === 0 && year.day % 3 === 1
    if (!more && year.chance.once(3)) continue
    const less = year.chance.once(8) ? -100 : 0
    const varianceMinor = more ? 200 : less
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
      const creditedMinor = sealed + more
      if (currency === thb) open.credits.push({ bagId: bag.id, reference: 'D', creditedMinor })
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

/** A bag that was sealed wrongly is opened again, and what is in it goes back to the safe. */
export function openBag(year: Year): void {
  const bag = year.open.bags.shift()
  if (bag === undefined) return
  const { id: bagId, cash } = bag
  const about = { bagId, staffId: somebody(year), cash, reason: 'a coin too many' }
  act(year, server, { type: 'bag.opened', body: about })
  const ways = { from: `bag:${year.shopId}:${bagId}`, to: safeOf(year) }
  for (const { currency, minor: amount } of cash) moved(year, { ...ways, currency, minor: amount })
}

/** The bank's statement is read in, twice, and its lines are said to be bags; the first says less. */
export function readStatement(year: Year): void {
  const { chance, shopId, open } = year
  const credits = open.credits.splice(0)
  if (credits.length === 0) return
  const staffId = somebody(year)
  const newId = () => uuidv7(year.nowMs, chance.bytes(10))
  const lines = credits.map(({ reference, creditedMinor }, index) => ({
    ...{ id: newId(), bookedOn: dateOf(year), reference, description: 'cash deposit' },
    amountMinor: creditedMinor - (index === 0 && creditedMinor > 500 ? 500 : 0),
  }))
  const fee = { bookedOn: dateOf(year), reference: 'F', description: 'fee', amountMinor: -3_000 }
  const file = { staffId, account: '1', currency: thb, fileName: 'week.csv' }
  const feeId = newId()
  for (const id of [feeId, newId()]) {
    const all = [...lines, { ...fee, id }]
    act(year, server, { type: 'statement.imported', body: { ...file, lines: all } })
  }
  const said = { staffId, lineId: feeId, reason: 'a fee' }
  const undoneId = act(year, server, { type: 'statement.set_aside', body: said })
  const undone = { ...said, undoneId, currency: thb, varianceMinor: 0 }
  act(year, server, { type: 'statement.undone', body: undone })
  for (const [index, { id: lineId, amountMinor: lineMinor }] of lines.entries()) {
    const { bagId, creditedMinor } = credits[index] as (typeof credits)[number]
    const amounts = { currency: thb, lineMinor, bookedMinor: creditedMinor }
    act(year, server, {
      type: 'statement.matched',
      body: { staffId, lineId, ...amounts, bags: [bagId], orders: [] },
    })
    differs(year, `bank:${shopId}`, { currency: thb, minor: lineMinor - creditedMinor })
  }
}

/** Change that never came. */
export function cancelOrder(year: Year): void {
  const staffId = somebody(year)
  const cash = [{ currency: thb, minor: 100_000 }]
  const orderId = act(year, server, { type: 'change.ordered', body: { staffId, cash } })
  act(year, server, {
    type: 'change.cancelled',
    body: { orderId, staffId, reason: 'the bank was closed' },
  })
}

/** Somebody asked for cash, and somebody else said no. */
export function declineExpense(year: Year, till: TillNow): void {
  const expenseId = act(year, till.number - 1, {
    type: 'expense.requested',
    body: {
      ...{ categoryId, categoryName: 'Ice', staffId: somebody(year), currency: thb },
      ...{ amountMinor: 90_000, purpose: 'a cake', needsReceipt: true, above: ['act'] },
    },
  })
  const answer = { expenseId, approverId: somebody(year) }
  act(year, server, { type: 'expense.declined', body: answer })
}

/** The day's movements were looked at with their papers. */
function lookAtMovements(year: Year, movementIds: readonly string[]): void {
  if (movementIds.length === 0) return
  act(year, server, { type: 'cash.verified', body: { staffId: somebody(year), movementIds } })
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

/**
 * Somebody works a stall with change of their own for a day, and brings it back less a coin. With a till: its drawer gives
 * the change and gets it back; else the safe.
 */
export function lendFund(year: Year, till?: TillNow & { session: object }): void {
  const { shopId, chance } = year
  const session = till?.session as TillNow['session']
  const staffId = somebody(year)
  const amount = 50_000
  const drawer =
    till === undefined || session === undefined
      ? {}
      : { drawer: { tillId: till.id, sessionId: session.id, currency: thb } }
  const about = { staffId, byStaffId: somebody(year), ...drawer }
  const held = `fund:${shopId}:${staffId}`
  const from = till === undefined ? safeOf(year) : drawerOf(till)
  const author = till === undefined ? server : till.number - 1
  const cashOf = (minor: number) => [{ currency: thb, minor }]
  const v = catalogue['fund.issued'].v
  act(year, author, { type: 'fund.issued', v, body: { ...about, cash: cashOf(amount) } })
  moved(year, { from, to: held, currency: thb, minor: amount })
  const varianceMinor = chance.once(3) ? -200 : 0
  const back = amount + varianceMinor
  const settled = varianceMinor === 0 ? {} : { settled: [{ currency: thb, varianceMinor }] }
  const returned = { ...about, cash: cashOf(back), ...settled }
  act(year, author, { type: 'fund.returned', v, body: returned })
  moved(year, { from: held, to: from, currency: thb, minor: back })
  differs(year, held, { currency: thb, minor: varianceMinor })
  if (session !== undefined) session.totals = takeOut(session.totals, amount - back)
}

/** Somebody takes cash for ice out of a drawer; it comes home on this day or on another. */
export function payExpense(
  year: Year,
  till: TillNow & { session: object },
  { byMachine = year.chance.once(3) }: { readonly byMachine?: boolean } = {},
): void {
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
  const by = byMachine ? { attemptId: giveByMachine(year, amountMinor) } : {}
  act(year, author, {
    type: 'expense.paid',
    v: 3,
    body: {
      ...{ expenseId: id, categoryId, staffId: session.staffId, takenBy, currency: thb },
      ...{ amountMinor, ...from, ...by, approvalId, limits: {} },
    },
  })
  if (!byMachine) session.totals = takeOut(session.totals, amountMinor)
  const held = `advance:${year.shopId}:${id}`
  const source = byMachine ? `customer:${year.shopId}` : drawerOf(till)
  moved(year, { from: source, to: held, currency: thb, minor: amountMinor })
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
