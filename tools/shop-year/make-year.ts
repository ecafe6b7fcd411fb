import {
  collect,
  countMachine,
  exchange,
  loseTheEnd,
  payForNothing,
  setUpMachine,
} from './work-machine.ts'
import {
  bank,
  cancelOrder,
  confirmDrops,
  countSafe,
  declineExpense,
  lendFund,
  openBag,
  orderChange,
  payExpense,
  readStatement,
  settleExpense,
} from './work-office.ts'
import { carryDrawer, closeTill, handDrawerOver, openTill } from './work-session.ts'
import { handOver, move, moveByMachine, refund, sell, swap, voidSale } from './work-till.ts'
import { act, beginDay, beginYear, foreign, type TillNow, type Year } from './year.ts'

type Open = TillNow & { session: NonNullable<TillNow['session']> }

/** Acts of a till between its float and its count, on average. */
const actsOfDay = 26

/** Makes up a year of a shop with five tills: the same seed makes the same year. */
export function makeYear(seed: number, days: number): Year {
  const year = beginYear(seed)
  for (let day = 0; day < days; day += 1) {
    beginDay(year, day)
    if (day === 0) countSafe(year, { first: true })
    if (day === 0) setUpMachine(year)
    if (day % 5 === 0) orderChange(year, 2_000_000)
    workDay(year)
    if (day % 7 === 6) countSafe(year, { first: false })
  }
  return year
}

function workDay(year: Year): void {
  const { chance, day, tills } = year
  for (const till of tills) openTill(year, till)
  const open = tills as readonly Open[]
  const acts = open.length * (actsOfDay - 6 + chance.pick(13))
  for (let nth = 0; nth < acts; nth += 1) actAt(year, open)
  rareActs(year, open)
  for (let nth = 0; nth < open.length; nth += 1) actAt(year, open)
  for (const till of open) {
    // Notes of other currencies go to the safe, unless somebody forgets them.
    if (!chance.once(5)) for (const of of foreign) move(year, till, { kind: 'drop', of })
    const forced = day % 6 === 5 && till === open[0]
    closeTill(year, till, forced ? { forgotten: true } : {})
  }
  confirmDrops(year)
  if (day % 3 === 0 || chance.once(3)) lendFund(year)
  while (year.open.advances.length > 2) settleExpense(year)
  if (day % 4 === 2) openBag(year)
  bank(year)
  if (day % 5 === 4) readStatement(year)
}

// What no few days should be without is done on fixed days, and on others by chance.
function rareActs(year: Year, open: readonly Open[]): void {
  const { chance, day } = year
  const on = (rest: number) => day % 3 === rest || chance.once(3)
  if (on(0)) handDrawerOver(year, chance.one(open))
  if (on(1)) carryDrawer(year, chance.one(open))
  if (on(2)) voidSale(year, chance.one(open))
  const [giver, receiver] = open
  if (on(0) && giver && receiver) handOver(year, giver, receiver, { declined: true })
  if (day % 3 === 2 && giver) giver.secretMinor -= 10_000
  if (on(1)) declineExpense(year, chance.one(open))
  if (on(2)) cancelOrder(year)
  for (const kind of ['pay_in', 'pay_out', 'top_up', 'drop'] as const) {
    if (day % 3 === 1) move(year, chance.one(open), { kind })
  }
  if (on(0)) swap(year, chance.one(open))
  if (on(1)) payExpense(year, chance.one(open))
  if (on(0)) payExpense(year, chance.one(open), { byMachine: true })
  for (const kind of ['pay_in', 'pay_out', 'top_up'] as const) {
    if (on(2)) moveByMachine(year, chance.one(open), kind)
  }
  if (on(0)) exchange(year)
  if (on(1)) loseTheEnd(year)
  if (on(2)) collect(year)
  if (on(0)) countMachine(year)
  if (day % 5 === 2) payForNothing(year)
  if (on(2)) lendFund(year, chance.one(open))
}

function actAt(year: Year, open: readonly Open[]): void {
  const { chance } = year
  const till = chance.one(open)
  const what = chance.pick(100)
  if (what < 72) sell(year, till)
  else if (what < 75) refund(year, till)
  else if (what < 76) voidSale(year, till)
  else if (what < 79) move(year, till, { kind: 'pay_in' })
  else if (what < 83) move(year, till, { kind: 'pay_out' })
  else if (what < 88) move(year, till, { kind: 'drop' })
  else if (what < 90) move(year, till, { kind: 'top_up' })
  else if (what < 91) move(year, till, { kind: 'drop', of: chance.one(foreign) })
  else if (what < 93) swap(year, till)
  else if (what < 95) openDrawer(year, till)
  // Cash goes to the safe and nobody says so: the count will be short, and the safe over.
  else if (what < 96) till.secretMinor -= 10_000
  else if (what < 98) payExpense(year, till)
  else handOver(year, till, chance.one(open.filter((other) => other !== till)))
}

function openDrawer(year: Year, { id, number, session }: Open): void {
  act(year, number - 1, {
    type: 'drawer.opened',
    body: { tillId: id, sessionId: session.id, staffId: session.staffId, reason: 'small change' },
  })
}
