import { type StaffId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Chain, Chance } from './trade.gen.ts'

// Days of a safe: bags, counts, change orders, funds and statements, also as rules would never let them be.
// What belongs together is told by two authors, so that either half may come first.

const startMs = Date.parse('2026-03-02T09:00:00.000Z')
const currencies = ['THB', 'USD', 'IDR'] as Currency[]

/** What two authors say of the safes of all shops. */
export type SafeDrafts = readonly [first: FactDraft[], second: FactDraft[]]

export function generateSafe(chance: Chance, chain: Chain, rounds: number): SafeDrafts {
  const drafts: SafeDrafts = [[], []]
  let nowMs = startMs
  for (const { id: shopId } of chain.shops) {
    const staff = () => chain.staff[chance.pick(chain.staff.length)] as StaffId
    const write = (type: FactType, body: object): string => {
      nowMs += 1_000 + chance.pick(600_000)
      const id = uuidv7(nowMs, chance.bytes(10))
      const occurredAt = new Date(nowMs).toISOString()
      drafts[chance.pick(2) === 0 ? 0 : 1].push({
        ...{
          id,
          type,
          v: catalogue[type].v,
          scope: `shop:${shopId}`,
          actor: `staff:${staff()}`,
          occurredAt,
        },
        ...{ businessDate: occurredAt.slice(0, 10), keys: [`safe:${shopId}`], refs: [] },
        body: { shopId, staffId: staff(), ...body },
      })
      return id
    }
    for (let round = 0; round < rounds; round += 1) {
      generateBag(chance, write)
      generateCount(chance, write)
      generateOrder(chance, write)
      generateFund(chance, write, staff)
      generateStatement(chance, write, shopId)
    }
  }
  return drafts
}

type Write = (type: FactType, body: object) => string

function someCash(chance: Chance) {
  const count = 1 + chance.pick(2)
  return currencies.slice(0, count).map((currency) => {
    const pieces = 1 + chance.pick(40)
    const cash = { currency, minor: minor(10_000 * pieces) }
    return chance.pick(2) === 0 ? cash : { ...cash, pieces: [{ faceMinor: 10_000, pieces }] }
  })
}

function generateBag(chance: Chance, write: Write): void {
  const cash = someCash(chance)
  const bagId = write('bag.sealed', { number: `B-${chance.pick(6)}`, cash })
  for (let times = chance.pick(3); times > 0; times -= 1) write('bag.verified', { bagId })
  if (chance.pick(2) === 0) write('bag.collected', { bagId, carrier: 'Brinks', reference: 'S-1' })
  for (let times = chance.pick(3); times > 0; times -= 1) {
    if (chance.pick(4) === 0) {
      write('bag.opened', { bagId, cash, reason: 'counted wrongly' })
      continue
    }
    const short = chance.pick(3) === 0 ? 10_000 : 0
    const credited = cash.map(({ currency, minor: sealed }) => ({
      currency,
      minor: sealed - short,
    }))
    write('bag.deposited', { bagId, bankedOn: '2026-03-03', reference: 'D-1', cash, credited })
  }
}

function generateCount(chance: Chance, write: Write): void {
  const counted = someCash(chance).map(({ currency, minor: countedMinor }) => {
    const expectedMinor = countedMinor - 100 * (chance.pick(5) - 2)
    const varianceMinor = countedMinor - expectedMinor
    return { currency, countedMinor, expectedMinor, varianceMinor, first: chance.pick(3) === 0 }
  })
  write('safe.counted', { counted })
}

function generateOrder(chance: Chance, write: Write): void {
  const cash = someCash(chance)
  const orderId = write('change.ordered', { cash, neededOn: '2026-03-04' })
  const what = chance.pick(4)
  if (what === 0) write('change.cancelled', { orderId, reason: 'not needed' })
  if (what >= 2) write('change.received', { orderId, cash: what === 2 ? cash : someCash(chance) })
}

function generateFund(chance: Chance, write: Write, staff: () => StaffId): void {
  const staffId = staff()
  const cash = someCash(chance)
  const fund = { staffId, byStaffId: staff() }
  write('fund.issued', { ...fund, cash })
  if (chance.pick(2) === 0) write('fund.returned', { ...fund, cash: someCash(chance) })
  if (chance.pick(3) === 0) {
    const settled = [{ currency: currencies[0], varianceMinor: -100 * chance.pick(3) }]
    write('fund.returned', { ...fund, cash: [], settled })
  }
}

function generateStatement(chance: Chance, write: Write, shopId: string): void {
  // Lines are named by what they say, so the same ones come back in other files.
  const lines = Array.from({ length: 3 }, () => chance.pick(8)).map((nth) => ({
    id: `${shopId.slice(0, 24)}${String(nth).padStart(12, '0')}`,
    bookedOn: '2026-03-03',
    amountMinor: 10_000 * (nth + 1),
    reference: `R${nth}`,
    description: chance.pick(2) === 0 ? 'cash deposit' : 'deposit of cash',
  }))
  const currency = currencies[0]
  write('statement.imported', { account: '1', currency, fileName: 'march.csv', lines })
  for (let times = chance.pick(3); times > 0; times -= 1) {
    const [line] = lines
    const booked = { lineMinor: line?.amountMinor, bookedMinor: 10_000 * chance.pick(8) }
    const said = { lineId: line?.id, currency, ...booked, bags: [], orders: [] }
    const undoneId = write('statement.matched', said)
    const varianceMinor = (line?.amountMinor ?? 0) - booked.bookedMinor
    const undo = { lineId: line?.id, currency, varianceMinor, undoneId, reason: 'other bag' }
    // Most stand, so that some lines are matched twice.
    const undos = Math.max(0, chance.pick(6) - 3)
    for (let nth = 0; nth < undos; nth += 1) write('statement.undone', undo)
    if (chance.pick(2) === 0) {
      const aside = { lineId: line?.id, reason: 'a fee' }
      const setId = write('statement.set_aside', aside)
      const back = { ...aside, currency, varianceMinor: 0, undoneId: setId }
      if (chance.pick(2) === 0) write('statement.undone', back)
    }
  }
}
