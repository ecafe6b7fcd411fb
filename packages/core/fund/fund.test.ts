import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import type { Cash } from '../money/cash-amount.ts'
import { type Currency, minor } from '../money/money.ts'
import type { TillSession } from '../till/till-session.ts'
import {
  decideIssueFund,
  decideReturnFund,
  type FundDrawer,
  type FundReturned,
  type FundState,
} from './staff-fund.ts'

const shopId = 'shop' as ShopId
const nok = 'nok' as StaffId
const boss = 'boss' as StaffId
const thb = 'THB' as Currency
const cashOf = (amount: number, currency = thb): Cash => [{ currency, minor: minor(amount) }]
const state: FundState = {
  shopId,
  stock: [{ currency: thb, balanceMinor: minor(1_000), known: true }],
  holder: { id: nok, active: true },
  held: cashOf(300),
}
const ask = { byStaffId: boss, cash: cashOf(200) }

test.for<[string, Partial<FundState>, Partial<typeof ask>, object]>([
  ['to nobody', { holder: undefined }, {}, { code: 'staff_not_found' }],
  [
    'to who left',
    { holder: { id: nok, active: false } },
    { byStaffId: nok },
    { code: 'staff_not_active' },
  ],
  ['to oneself', {}, { byStaffId: nok, cash: [] }, { code: 'fund_of_self' }],
  ['of nothing', {}, { cash: cashOf(0) }, { code: 'no_cash' }],
  [
    'of more than is in the safe',
    {},
    { cash: cashOf(1_001) },
    { code: 'safe_holds_less', currency: thb, heldMinor: 1_000 },
  ],
  ['', {}, {}, { shopId, staffId: nok, byStaffId: boss, cash: cashOf(200) }],
])('a fund %s', ([, more, asked, expected]) => {
  const outcome = decideIssueFund({ ...state, ...more }, { ...ask, ...asked })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
})

const who = { shopId, staffId: nok, byStaffId: boss }
const session: TillSession = {
  ...{ id: 'session' as SessionId, shopId, tillId: 'till' as TillId, staffId: nok },
  ...{ currency: thb, floatMinor: minor(0), state: 'open' },
}
const drawer: FundDrawer = {
  at: { shopId },
  session,
  holds: new Map([[thb, { amountMinor: minor(250) }]]),
}
const named = { tillId: 'till', sessionId: 'session', currency: thb }
const usd = 'USD' as Currency

test.for<[string, Partial<FundDrawer>, Cash, object]>([
  ['no session', { session: undefined }, cashOf(200), { code: 'session_not_found' }],
  [
    'a closed session',
    { session: { ...session, state: 'closed' } },
    cashOf(200),
    { code: 'session_not_open', state: 'closed' },
  ],
  ['less than is asked for', {}, cashOf(251), { code: 'not_in_drawer' }],
  ['none of the currency', {}, cashOf(1, usd), { code: 'not_in_drawer' }],
  [
    'none of a face',
    {
      holds: new Map([
        [thb, { amountMinor: minor(250), pieces: [{ faceMinor: minor(50), pieces: 5 }] }],
      ]),
    },
    [{ currency: thb, minor: minor(200), pieces: [{ faceMinor: minor(200), pieces: 1 }] }],
    { code: 'not_in_drawer', faceMinor: 200 },
  ],
  ['what is asked for', {}, cashOf(250), { ...who, cash: cashOf(250), drawer: named }],
])('a fund out of a drawer with %s', ([, more, cash, expected]) => {
  // The safe is not looked at.
  const asked = { ...state, stock: [], drawer: { ...drawer, ...more } }
  const outcome = decideIssueFund(asked, { byStaffId: boss, cash })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
})

test.for<[string, Partial<FundState>, object, object]>([
  [
    'a closed one',
    { drawer: { ...drawer, session: undefined } },
    {},
    { code: 'session_not_found' },
  ],
  ['a part, of nobody knows what', { held: undefined }, {}, { ...who, cash: cashOf(200) }],
  ['all, of nobody knows what', { held: undefined }, { settle: true }, { code: 'fund_not_known' }],
  ['a part', {}, {}, { ...who, cash: cashOf(200) }],
])('a return to a drawer: %s', ([, more, asked, expected]) => {
  const outcome = decideReturnFund(
    { ...state, drawer, ...more },
    { ...ask, settle: false, ...asked },
  )
  const from = 'code' in expected ? {} : { drawer: named }
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual({ ...expected, ...from })
})

test.for<[string, Partial<FundState>, object, object]>([
  ['to nobody', { holder: undefined }, {}, { code: 'staff_not_found' }],
  ['to oneself', {}, { byStaffId: nok }, { code: 'fund_of_self' }],
  ['of nothing', {}, { cash: [] }, { code: 'no_cash' }],
  [
    'of more than is held',
    {},
    { cash: cashOf(301) },
    { code: 'fund_holds_less', currency: thb, heldMinor: 300 },
  ],
  [
    'of another currency',
    {},
    { cash: cashOf(1, 'USD' as Currency) },
    { code: 'fund_holds_less', currency: 'USD', heldMinor: 0 },
  ],
  ['of a part', { holder: { id: nok, active: false } }, {}, { ...who, cash: cashOf(200) }],
  [
    'of all, and some is missing',
    {},
    { settle: true },
    { ...who, cash: cashOf(200), settled: [{ currency: thb, varianceMinor: -100 }] },
  ],
  [
    'of all, and nothing is there',
    {},
    { settle: true, cash: [] },
    { ...who, cash: [], settled: [{ currency: thb, varianceMinor: -300 }] },
  ],
  [
    'of all, and more than that',
    {},
    { settle: true, cash: cashOf(310) },
    { ...who, cash: cashOf(310), settled: [{ currency: thb, varianceMinor: 10 }] },
  ],
  [
    'of nothing that was never given',
    { held: [] },
    { settle: true, cash: [] },
    { code: 'no_cash' },
  ],
])('a return %s', ([, more, asked, expected]) => {
  const command = { ...ask, settle: false, ...asked }
  const outcome = decideReturnFund({ ...state, ...more }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
})

test('whatever is given and taken back, no fund is below zero, and safe and fund lose nothing', () => {
  const amount = fc.integer({ min: 0, max: 400 })
  const acts = fc.array(fc.record({ back: fc.boolean(), settle: fc.boolean(), amount }))
  fc.assert(
    fc.property(acts, (all) => {
      let [safe, held, short] = [1_000, 0, 0]
      for (const { back, settle, amount } of all) {
        const now: FundState = {
          ...state,
          stock: [{ currency: thb, balanceMinor: minor(safe), known: true }],
          held: cashOf(held),
        }
        const asked = { byStaffId: boss, cash: cashOf(amount) }
        const outcome = back
          ? decideReturnFund(now, { ...asked, settle })
          : decideIssueFund(now, asked)
        if (!outcome.ok) continue
        const moved = outcome.value.cash.reduce((sum, each) => sum + each.minor, 0)
        safe += back ? moved : -moved
        held += back ? -moved : moved
        const { settled = [] }: FundReturned = outcome.value
        for (const { varianceMinor } of settled) {
          held += varianceMinor
          short -= varianceMinor
        }
        if (settled.length > 0) expect(held).toBe(0)
        expect(held).toBeGreaterThanOrEqual(0)
        expect(safe).toBeGreaterThanOrEqual(0)
        expect(safe + held + short).toBe(1_000)
      }
    }),
  )
})
