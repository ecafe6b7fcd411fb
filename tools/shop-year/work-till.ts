import { denominationsOf, makeChange } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import {
  addMovement,
  addRefund,
  addSale,
  type SessionTotals,
} from '@tillkeeper/core/till/session-totals.ts'
import { giveByMachine, takeByMachine } from './work-machine.ts'
import {
  act,
  dateOf,
  differs,
  drawerOf,
  foreign,
  moved,
  safeOf,
  type TillNow,
  thb,
  type Year,
} from './year.ts'

// A till's day, act by act: the fact that says it, what the session's own books make of it, and what is true.

/** What a unit of each currency is worth in baht: rate × 10^−scale. */
const rates: Readonly<Record<string, { readonly rate: number; readonly scale: number }>> = {
  USD: { rate: 3_500, scale: 2 },
  JPY: { rate: 2_300, scale: 4 },
}
const rateId = '01940000-0000-7000-8000-0000000000e1'
const productId = '01940000-0000-7000-8000-0000000000e2'
/** In this many of a hundred acts the pieces are said. */
const piecesSaid = 60

/** The pieces of an amount, where somebody took the trouble. */
export function pieces(year: Year, currency: Currency, amount: number) {
  if (year.chance.pick(100) >= piecesSaid) return undefined
  const made = makeChange(minor(amount), denominationsOf(currency))
  return made === undefined || made.length === 0 ? undefined : made
}

export const saidAs = <Name extends string>(
  name: Name,
  made: ReturnType<typeof pieces>,
): { [Key in Name]?: NonNullable<typeof made> } =>
  (made === undefined ? {} : { [name]: made }) as { [Key in Name]?: NonNullable<typeof made> }

export type Open = TillNow & { session: NonNullable<TillNow['session']> }

/** Notes of another currency came into a drawer, or went out where it is below zero. */
function addOther({ session }: Open, currency: Currency, amount: number): void {
  session.others.set(currency, (session.others.get(currency) ?? 0) + amount)
}

export const here = ({ id, session }: Open) => ({
  tillId: id,
  sessionId: session.id,
  staffId: session.staffId,
})

/** Somebody buys, in one of the ways in which people pay. */
export function sell(year: Year, till: Open): void {
  const { chance, shopId } = year
  const totalMinor = minor(500 + 25 * chance.pick(4_000))
  const method = chance.one([
    ...(['cash', 'cash', 'cash', 'cash', 'card', 'promptpay', 'bank_transfer', 'machine'] as const),
  ])
  const abroad = method === 'cash' && chance.once(5)
  const paid = abroad ? payAbroad(year, totalMinor) : payAtHome(year, method, totalMinor)
  till.counter += 1
  const body = {
    ...here(till),
    ...numberOf(year, till),
    currency: thb,
    lines: [lineOf(totalMinor)],
    taxes: [{ vatBasisPoints: 0, netMinor: totalMinor, taxMinor: minor(0) }],
    totalMinor,
    taxMinor: minor(0),
    ...paid.body,
  }
  const id = act(year, till.number - 1, { type: 'sale.completed', v: 4, body })
  year.open.sales.push({ id, totalMinor, sessionId: till.session.id })
  till.session.totals = addSale(till.session.totals, body as never)
  const [customer, drawer] = [`customer:${shopId}`, drawerOf(till)]
  const exchange = `exchange:${shopId}`
  if (paid.given !== undefined) {
    const { currency, minor: given } = paid.given
    moved(year, { from: customer, to: drawer, currency, minor: given })
    if (currency !== thb) {
      addOther(till, currency, given)
      moved(year, { from: exchange, to: customer, currency, minor: given })
      moved(year, { from: customer, to: exchange, currency: thb, minor: paid.worthMinor })
    }
  }
  moved(year, { from: drawer, to: customer, currency: thb, minor: paid.changeMinor })
}

type Paid = {
  readonly body: object
  readonly given?: { readonly currency: Currency; readonly minor: number }
  readonly worthMinor: number
  readonly changeMinor: number
}

function payAtHome(year: Year, method: string, totalMinor: number): Paid {
  if (method === 'machine') {
    // What it kept and should have given is change out of the drawer.
    const { attemptId, keptMinor } = takeByMachine(year, minor(totalMinor))
    const tender = { method, amountMinor: totalMinor, givenMinor: keptMinor, attemptId }
    const changeMinor = keptMinor - totalMinor
    return { body: { tenders: [tender], changeMinor }, worthMinor: 0, changeMinor }
  }
  if (method !== 'cash') {
    const tender = { method, amountMinor: totalMinor, givenMinor: totalMinor }
    return { body: { tenders: [tender], changeMinor: 0 }, worthMinor: 0, changeMinor: 0 }
  }
  const note = year.chance.one([25, 2_000, 10_000, 50_000, 100_000])
  const givenMinor = Math.ceil(totalMinor / note) * note
  const changeMinor = givenMinor - totalMinor
  const tender = {
    ...{ method, amountMinor: totalMinor, givenMinor },
    ...saidAs('pieces', pieces(year, thb, givenMinor)),
  }
  return {
    body: {
      ...{ tenders: [tender], changeMinor },
      ...saidAs('changePieces', pieces(year, thb, changeMinor)),
    },
    ...{ given: { currency: thb, minor: givenMinor }, worthMinor: givenMinor, changeMinor },
  }
}

/** Notes of another currency, and change in the shop's own. */
function payAbroad(year: Year, totalMinor: number): Paid {
  const currency = year.chance.one(foreign)
  const { rate, scale } = rates[currency] ?? { rate: 1, scale: 0 }
  // A hundred minor units make one of either but the yen, which has none.
  const [units, face] = currency === 'JPY' ? [100, 1_000] : [1, 2_000]
  const worthOf = (given: number) => Math.round((given * units * rate) / 10 ** scale)
  let givenMinor = face
  while (worthOf(givenMinor) < totalMinor) givenMinor += face
  const worthMinor = worthOf(givenMinor)
  const tender = {
    ...{ method: 'cash', amountMinor: totalMinor, givenMinor: worthMinor },
    foreign: { currency, givenMinor, rateId, rate, scale },
    ...saidAs('pieces', pieces(year, currency, givenMinor)),
  }
  const changeMinor = worthMinor - totalMinor
  return {
    body: { tenders: [tender], changeMinor },
    ...{ given: { currency, minor: givenMinor }, worthMinor, changeMinor },
  }
}

const lineOf = (totalMinor: number) => ({
  ...{
    lineNo: 1,
    productId,
    code: 'P1',
    name: 'Bread',
    quantity: 1_000,
    unitPriceMinor: totalMinor,
  },
  ...{ discountMinor: 0, totalMinor, vatBasisPoints: 0 },
})

function numberOf(year: Year, { number, counter }: TillNow) {
  const day = dateOf(year).slice(2).replaceAll('-', '')
  const digits = `${String(number).padStart(2, '0')}${String(counter).padStart(4, '0')}`
  return { receiptNumber: `RCP-${day}-${digits}`, receiptCounter: counter }
}

/** A sale of this or another till comes back, whole and in cash. */
export function refund(year: Year, till: Open): void {
  const sale = year.open.sales.splice(year.chance.pick(year.open.sales.length || 1), 1)[0]
  if (sale !== undefined) giveBack(year, till, sale)
}

/** A sale of this session is taken back, and its paper is printed once more. */
export function voidSale(year: Year, till: Open): void {
  const { sales } = year.open
  const index = sales.findIndex(({ sessionId }) => sessionId === till.session.id)
  const sale = index < 0 ? undefined : sales.splice(index, 1)[0]
  if (sale === undefined) return
  const receiptId = giveBack(year, till, sale, { type: 'sale.voided', v: 3 })
  act(year, till.number - 1, {
    type: 'receipt.reprinted',
    body: { staffId: till.session.staffId, receiptId, kind: 'void' },
  })
}

function giveBack(
  year: Year,
  till: Open,
  sale: { readonly id: string; readonly totalMinor: number },
  as: { readonly type: string; readonly v: number } = { type: 'sale.refunded', v: 4 },
): string {
  till.counter += 1
  const totalMinor = minor(sale.totalMinor)
  const byMachine = year.chance.once(3)
  const paid = { amountMinor: totalMinor, givenMinor: totalMinor }
  const tender = byMachine
    ? { method: 'machine', ...paid, attemptId: giveByMachine(year, totalMinor) }
    : { method: 'cash', ...paid, ...saidAs('pieces', pieces(year, thb, totalMinor)) }
  const { code, name, lineNo, quantity, vatBasisPoints } = lineOf(totalMinor)
  const body = {
    ...here(till),
    ...numberOf(year, till),
    ...{ saleId: sale.id, currency: thb, totalMinor, taxMinor: 0, reason: 'broken' },
    lines: [{ lineNo, productId, code, name, quantity, totalMinor, vatBasisPoints }],
    taxes: [{ vatBasisPoints: 0, netMinor: totalMinor, taxMinor: 0 }],
    tenders: [tender],
  }
  const id = act(year, till.number - 1, { ...as, body })
  till.session.totals = addRefund(till.session.totals, body as never)
  const ways = { from: drawerOf(till), to: `customer:${year.shopId}` }
  if (!byMachine) moved(year, { ...ways, currency: thb, minor: totalMinor })
  return id
}

/** Money that the machine gives for a bill, takes for somebody, or gives into the drawer. */
export function moveByMachine(year: Year, till: Open, kind: 'pay_in' | 'pay_out' | 'top_up'): void {
  const amountMinor = minor(100 * (1 + year.chance.pick(800)))
  const attemptId =
    kind === 'pay_in'
      ? takeByMachine(year, amountMinor, { exact: true }).attemptId
      : giveByMachine(year, amountMinor)
  act(year, till.number - 1, {
    type: 'cash.moved',
    v: 4,
    body: { ...here(till), kind, currency: thb, amountMinor, attemptId, note: 'by the machine' },
  })
  const [customer, supplier] = [`customer:${year.shopId}`, `supplier:${year.shopId}`]
  const [from, to] = {
    pay_in: [supplier, customer],
    pay_out: [customer, supplier],
    top_up: [customer, drawerOf(till)],
  }[kind] as [string, string]
  moved(year, { from, to, currency: thb, minor: amountMinor })
  if (kind === 'top_up') till.session.totals = takeOut(till.session.totals, -amountMinor)
}

/** Cash in or out of a drawer, in baht or in notes of another currency. */
export function move(
  year: Year,
  till: Open,
  asked: { readonly kind: 'pay_in' | 'pay_out' | 'drop' | 'top_up'; readonly of?: Currency },
): void {
  const { kind, of: currency = thb } = asked
  const drawer = drawerOf(till)
  const held = till.session.others.get(currency) ?? 0
  const amountMinor = minor(currency === thb ? 100 * (1 + year.chance.pick(800)) : held)
  if (amountMinor <= 0) return
  const photo = kind === 'pay_out' ? { attachmentId: photograph(year, till) } : {}
  const id = act(year, till.number - 1, {
    type: 'cash.moved',
    v: 2,
    body: {
      ...{ ...here(till), kind, currency, amountMinor, note: 'as agreed', ...photo },
      ...(currency === thb ? {} : { foreign: true }),
      ...saidAs('pieces', pieces(year, currency, amountMinor)),
    },
  })
  if (currency === thb) {
    till.session.totals = addMovement(till.session.totals, { kind, amountMinor } as never)
  }
  if (currency !== thb) addOther(till, currency, -amountMinor)
  const outside = kind === 'pay_in' || kind === 'pay_out' ? `supplier:${year.shopId}` : safeOf(year)
  const into = kind === 'pay_in' || kind === 'top_up'
  const ways = into ? { from: outside, to: drawer } : { from: drawer, to: outside }
  moved(year, { ...ways, currency, minor: amountMinor })
  if (kind === 'drop' && currency === thb) {
    year.open.drops.push({ id, sessionId: till.session.id, amountMinor })
  }
}

/** Notes for others of the same worth. */
export function swap(year: Year, till: Open): void {
  const withWhom = year.chance.one(['customer', 'safe'] as const)
  const other = withWhom === 'safe' ? safeOf(year) : `customer:${year.shopId}`
  act(year, till.number - 1, {
    type: 'cash.swapped',
    body: {
      ...{ ...here(till), currency: thb, amountMinor: 100_000, with: withWhom },
      given: [{ faceMinor: 10_000, pieces: 10 }],
      taken: [{ faceMinor: 100_000, pieces: 1 }],
    },
  })
  const drawer = drawerOf(till)
  moved(year, { from: drawer, to: other, currency: thb, minor: 100_000 })
  moved(year, { from: other, to: drawer, currency: thb, minor: 100_000 })
}

/** A photo of a bill: here of one point. */
function photograph(year: Year, till: Open): string {
  return act(year, till.number - 1, {
    type: 'attachment.added',
    body: { staffId: till.session.staffId, mime: 'image/png', bytes: 'iVBORw0KGgo=' },
  })
}

/** Cash for another till's drawer, counted there: now and then other than was said, or not taken at all. */
export function handOver(
  year: Year,
  till: Open,
  to: Open,
  { declined = year.chance.once(5) }: { readonly declined?: boolean } = {},
): void {
  const givenMinor = minor(1_000 * (1 + year.chance.pick(60)))
  const said = { currency: thb, ...saidAs('pieces', pieces(year, thb, givenMinor)) }
  const transferId = act(year, till.number - 1, {
    type: 'cash.given',
    body: { ...here(till), toTillId: to.id, ...said, amountMinor: givenMinor },
  })
  const way = `transit:${year.shopId}:${transferId}`
  moved(year, { from: drawerOf(till), to: way, currency: thb, minor: givenMinor })
  till.session.totals = takeOut(till.session.totals, givenMinor)
  const about = { transferId, fromSessionId: till.session.id, currency: thb, givenMinor }
  // What is declined moves nothing until its giver takes it back.
  if (declined) {
    const none = { answer: 'declined', countedMinor: 0, varianceMinor: 0 }
    act(year, to.number - 1, { type: 'cash.received', body: { ...here(to), ...about, ...none } })
  }
  const varianceMinor = !declined && year.chance.once(6) ? -500 : 0
  const countedMinor = minor(givenMinor + varianceMinor)
  const receiver = declined ? till : to
  const counted = { answer: 'accepted', countedMinor, varianceMinor }
  act(year, receiver.number - 1, {
    type: 'cash.received',
    body: { ...here(receiver), ...about, ...counted },
  })
  differs(year, way, { currency: thb, minor: varianceMinor })
  moved(year, { from: way, to: drawerOf(receiver), currency: thb, minor: countedMinor })
  receiver.session.totals = takeOut(receiver.session.totals, -countedMinor)
}

/** The totals after cash went out of a drawer, or came in where it is below zero. */
export function takeOut(totals: SessionTotals, amount: number): SessionTotals {
  return amount >= 0
    ? { ...totals, cashOutMinor: minor(totals.cashOutMinor + amount) }
    : { ...totals, cashInMinor: minor(totals.cashInMinor - amount) }
}
