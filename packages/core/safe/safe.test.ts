import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import type { Cash } from '../money/cash-amount.ts'
import { type Currency, minor } from '../money/money.ts'
import { decideCountSafe } from './count-safe.ts'
import {
  type BagId,
  type DepositBag,
  decideCollectBag,
  decideDepositBag,
  decideOpenBag,
  decideVerifyBag,
} from './deposit-bag.ts'
import {
  decideMatchStatement,
  type MatchStatementState,
  type StatementLineId,
} from './match-statement.ts'
import {
  type ChangeOrder,
  type ChangeOrderId,
  decideCancelChange,
  decideOrderChange,
  decideReceiveChange,
} from './order-change.ts'
import type { SafeStock } from './safe-stock.ts'
import { decideSealBag, type SealBagState } from './seal-bag.ts'
import { decideSetLineAside, decideUndoLine } from './set-line-aside.ts'

const shopId = 'shop' as ShopId
const otherShop = 'other' as ShopId
const nok = 'nok' as StaffId
const ploy = 'ploy' as StaffId
const thb = 'THB' as Currency
const usd = 'USD' as Currency
const bagId = 'bag' as BagId
const baht = (amount: number, pieces?: readonly (readonly [number, number])[]): Cash[number] => ({
  currency: thb,
  minor: minor(amount),
  ...(pieces && {
    pieces: pieces.map(([face, count]) => ({ faceMinor: minor(face), pieces: count })),
  }),
})
const dollars = (amount: number): Cash[number] => ({ currency: usd, minor: minor(amount) })
const stockOf = (amount: number, more: Partial<SafeStock> = {}): SafeStock => ({
  ...{ currency: thb, balanceMinor: minor(amount), known: true },
  ...more,
})

const sealing: SealBagState = { shopId, stock: [stockOf(500_000)], sameNumber: undefined }
const faces = new Map([
  [100_000, 3],
  [10_000, 2],
])
test.for<[string, Partial<SealBagState>, Cash, object]>([
  ['a number that is taken', { sameNumber: bagId }, [], { code: 'bag_number_taken', bagId }],
  ['a currency twice', {}, [baht(1), baht(2)], { code: 'currency_repeated', currency: thb }],
  [
    'pieces that are worth something else',
    {},
    [baht(200_001, [[100_000, 2]])],
    { code: 'pieces_do_not_add_up', of: 'bag' },
  ],
  [
    'a face that stands twice',
    {},
    [
      baht(200_000, [
        [100_000, 1],
        [100_000, 1],
      ]),
    ],
    { code: 'pieces_do_not_add_up', of: 'bag' },
  ],
  ['nothing', {}, [], { code: 'no_cash' }],
  ['a bag of nothing', {}, [baht(0), dollars(0)], { code: 'no_cash' }],
  [
    'more than is there',
    {},
    [baht(500_001)],
    { code: 'safe_holds_less', currency: thb, heldMinor: 500_000 },
  ],
  [
    'more pieces than are there',
    { stock: [stockOf(320_000, { faces })] },
    [baht(50_000, [[10_000, 5]])],
    { code: 'safe_lacks_pieces', currency: thb, faceMinor: 10_000, heldPieces: 2 },
  ],
  [
    'pieces that are not all known',
    { stock: [stockOf(330_000, { faces })] },
    [baht(50_000, [[10_000, 5]])],
    {
      ...{ shopId, staffId: nok, number: 'A-17' },
      cash: [baht(50_000, [[10_000, 5]])],
    },
  ],
  [
    'all of it, high to low, without what is nothing',
    {},
    [
      dollars(0),
      baht(500_000, [
        [10_000, 10],
        [2_000, 0],
        [100_000, 4],
      ]),
    ],
    {
      ...{ shopId, staffId: nok, number: 'A-17' },
      cash: [
        baht(500_000, [
          [100_000, 4],
          [10_000, 10],
        ]),
      ],
    },
  ],
  [
    'more than a safe that was never counted says',
    { stock: [stockOf(-900, { known: false })] },
    [dollars(5), baht(7)],
    { shopId, staffId: nok, number: 'A-17', cash: [baht(7), dollars(5)] },
  ],
])('sealing a bag: %s', ([, state, cash, expected]) => {
  const outcome = decideSealBag({ ...sealing, ...state }, { staffId: nok, number: 'A-17', cash })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
})

const bag: DepositBag = {
  ...{ id: bagId, shopId, number: 'A-17', state: 'sealed', sealedBy: nok },
  cash: [baht(100_000), dollars(500)],
}
const deposit = { bankedOn: '2026-11-20', reference: 'D1', credited: [] }
const acts = {
  verify: (held: DepositBag | undefined) =>
    decideVerifyBag({ shopId, bag: held }, { staffId: ploy }),
  collect: (held: DepositBag | undefined) =>
    decideCollectBag({ shopId, bag: held }, { staffId: nok, carrier: 'Brinks' }),
  open: (held: DepositBag | undefined) =>
    decideOpenBag({ shopId, bag: held }, { staffId: nok, reason: 'wrong' }),
  deposit: (held: DepositBag | undefined) =>
    decideDepositBag({ shopId, bag: held }, { ...deposit, staffId: nok }),
}
// What may be done in each state: it only moves up.
const allowed: readonly [DepositBag['state'], readonly (keyof typeof acts)[]][] = [
  ['sealed', ['verify', 'collect', 'open', 'deposit']],
  ['verified', ['collect', 'open', 'deposit']],
  ['collected', ['open', 'deposit']],
  ['opened', []],
  ['deposited', []],
]
test.for(allowed)('a bag that is %s', ([state, may]) => {
  for (const name of Object.keys(acts) as (keyof typeof acts)[]) {
    const outcome = acts[name]({ ...bag, state })
    const code = outcome.ok ? undefined : outcome.refusal.code
    expect([name, code]).toEqual([name, may.includes(name) ? undefined : 'bag_not_in_state'])
  }
})

test('a bag that is not here, or in another shop, is nobody’s', () => {
  for (const act of Object.values(acts)) {
    expect(act(undefined)).toMatchObject({ refusal: { code: 'bag_not_found' } })
    expect(act({ ...bag, shopId: otherShop })).toMatchObject({ refusal: { code: 'bag_not_found' } })
  }
})

test('who sealed a bag never verifies it', () => {
  expect(decideVerifyBag({ shopId, bag }, { staffId: nok })).toMatchObject({
    refusal: { code: 'bag_sealed_by_self' },
  })
})

test('what the bank credits is booked beside what was sealed, whatever it is', () => {
  const at = { shopId, bag }
  const credit = (credited: readonly { currency: Currency; minor: number }[]) =>
    decideDepositBag(at, {
      ...deposit,
      staffId: nok,
      credited: credited.map((each) => ({ ...each, minor: minor(each.minor) })),
    })
  expect(credit([{ currency: thb, minor: 90_000 }])).toEqual({
    ok: true,
    value: {
      ...{ shopId, bagId, staffId: nok, bankedOn: '2026-11-20', reference: 'D1', cash: bag.cash },
      credited: [
        { currency: thb, minor: 90_000 },
        { currency: usd, minor: 500 },
      ],
    },
  })
  const idr = 'IDR' as Currency
  expect(credit([{ currency: idr, minor: 1 }])).toMatchObject({
    refusal: { code: 'currency_not_in_bag', currency: idr },
  })
  expect(
    credit([
      { currency: thb, minor: 1 },
      { currency: thb, minor: 2 },
    ]),
  ).toMatchObject({ refusal: { code: 'currency_repeated', currency: thb } })
})

test('a count says what was found beside what was expected, and the first is no surplus', () => {
  const state = { shopId, stock: [stockOf(100_000), stockOf(-40, { currency: usd, known: false })] }
  const idr: Cash[number] = { currency: 'IDR' as Currency, minor: minor(0) }
  const counted = decideCountSafe(state, { staffId: nok, counted: [baht(99_000), idr, dollars(7)] })
  expect(counted).toMatchObject({
    value: {
      counted: [
        { currency: 'IDR', countedMinor: 0, expectedMinor: 0, varianceMinor: 0, first: true },
        { currency: 'THB', expectedMinor: 100_000, varianceMinor: -1_000, first: false },
        { currency: 'USD', countedMinor: 7, expectedMinor: -40, varianceMinor: 47, first: true },
      ],
    },
  })
  expect(decideCountSafe(state, { staffId: nok, counted: [] })).toMatchObject({
    refusal: { code: 'nothing_counted' },
  })
  expect(decideCountSafe(state, { staffId: nok, counted: [baht(3, [[100, 1]])] })).toMatchObject({
    refusal: { code: 'pieces_do_not_add_up', of: 'count' },
  })
})

const orderId = 'order' as ChangeOrderId
const order: ChangeOrder = { id: orderId, shopId, state: 'ordered', cash: [baht(100, [[100, 1]])] }
test('change is ordered by pieces, and received or cancelled once', () => {
  const ask = (cash: Cash) => decideOrderChange(shopId, { staffId: nok, cash })
  expect(ask([baht(100)])).toMatchObject({ refusal: { code: 'pieces_needed' } })
  expect(ask([])).toMatchObject({ refusal: { code: 'no_cash' } })
  expect(ask(order.cash)).toMatchObject({ value: { cash: order.cash } })
  const came = { staffId: ploy, cash: [baht(200, [[100, 2]])] }
  // What came is counted: another sum than was ordered is taken as it is.
  expect(decideReceiveChange({ shopId, order }, came)).toMatchObject({ value: { orderId } })
  const lost = { staffId: ploy, reason: 'strike' }
  expect(decideCancelChange({ shopId, order }, lost)).toMatchObject({ value: { orderId } })
  for (const state of ['received', 'cancelled'] as const) {
    const at = { shopId, order: { ...order, state } }
    const refusal = { code: 'change_order_not_open', state }
    expect(decideReceiveChange(at, came)).toEqual({ ok: false, refusal })
    expect(decideCancelChange(at, lost)).toEqual({ ok: false, refusal })
  }
  for (const held of [undefined, { ...order, shopId: otherShop }]) {
    const refusal = { code: 'change_order_not_found' }
    expect(decideReceiveChange({ shopId, order: held }, came)).toEqual({ ok: false, refusal })
  }
})

const lineId = 'line' as StatementLineId
const matching: MatchStatementState = {
  shopId,
  line: { id: lineId, shopId, currency: thb, amountMinor: minor(90_000) },
  lineMatched: false,
  bags: [
    {
      ...{ id: bagId, shopId, state: 'deposited', matched: [usd] },
      booked: [{ currency: thb, minor: minor(100_000) }],
    },
  ],
  orders: [
    {
      ...{ id: orderId, shopId, state: 'received', matched: [] },
      booked: [{ currency: thb, minor: minor(20_000) }],
    },
  ],
}
const [theBag] = matching.bags as [MatchStatementState['bags'][number]]
const [theOrder] = matching.orders as [MatchStatementState['orders'][number]]
const both = { bags: [bagId], orders: [orderId] }
test.for<[string, Partial<MatchStatementState>, object, object]>([
  ['no line', { line: undefined }, both, { code: 'statement_line_not_found' }],
  ['a line that is matched', { lineMatched: true }, both, { code: 'statement_line_matched' }],
  ['with nothing', {}, { bags: [], orders: [] }, { code: 'nothing_to_match' }],
  ['with no such bag', { bags: [] }, both, { code: 'bag_not_found' }],
  [
    'with a bag that is on its way',
    { bags: [{ ...theBag, state: 'collected' }] },
    both,
    { code: 'bag_not_in_state', state: 'collected' },
  ],
  ['with a matched bag', { bags: [{ ...theBag, matched: [thb] }] }, both, { code: 'bag_matched' }],
  ['with no such order', { orders: [] }, both, { code: 'change_order_not_found' }],
  [
    'with an order that has not come',
    { orders: [{ ...theOrder, state: 'ordered' }] },
    both,
    { code: 'change_order_not_received', state: 'ordered' },
  ],
  [
    'with a matched order',
    { orders: [{ ...theOrder, matched: [thb] }] },
    both,
    { code: 'change_order_matched' },
  ],
  [
    'a bag that is named twice counts once',
    {},
    { bags: [bagId, bagId], orders: [orderId] },
    {
      ...{ shopId, staffId: nok, lineId, currency: thb, lineMinor: 90_000, bookedMinor: 80_000 },
      ...both,
    },
  ],
])('matching a line: %s', ([, state, asked, expected]) => {
  const command = { staffId: nok, ...(asked as typeof both) }
  const outcome = decideMatchStatement({ ...matching, ...state }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
})

test('a line is set aside once, and what was said of it is taken back', () => {
  const at = 'shop' as ShopId
  const line = {
    ...{ id: 'line' as StatementLineId, shopId: at, currency: 'THB' as Currency },
    amountMinor: minor(990),
  }
  const command = { staffId: 'boss' as StaffId, reason: 'a fee' }
  const match = { kind: 'match', id: 'm', bookedMinor: minor(1_000) } as const
  const aside = { kind: 'aside', id: 'a' } as const
  const about = { ...command, shopId: at, lineId: 'line' }
  const back = { ...about, currency: 'THB' }
  const rows = [
    [decideSetLineAside, undefined, about],
    [decideSetLineAside, match, { code: 'statement_line_matched' }],
    [decideSetLineAside, aside, { code: 'statement_line_set_aside' }],
    [decideUndoLine, undefined, { code: 'statement_line_waits' }],
    [decideUndoLine, match, { ...back, undoneId: 'm', varianceMinor: -10 }],
    [decideUndoLine, aside, { ...back, undoneId: 'a', varianceMinor: 0 }],
  ] as const
  for (const [decide, said, expected] of rows) {
    const outcome = decide({ shopId: at, line, said }, command)
    expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(expected)
    const elsewhere = decide({ shopId: 'other' as ShopId, line, said }, command)
    expect(elsewhere).toMatchObject({ refusal: { code: 'statement_line_not_found' } })
  }
})
