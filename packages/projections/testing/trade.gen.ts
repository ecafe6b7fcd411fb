import {
  type OrgId,
  type ProductId,
  type SessionId,
  type ShopId,
  type StaffId,
  type TillId,
  uuidv7,
} from '@tillkeeper/core/base/id.ts'
import { type Currency, type Minor, minor, mulDivRound } from '@tillkeeper/core/money/money.ts'
import { amountWithin } from '@tillkeeper/core/money/rate.ts'
import { foreignPaidOf, type PaidBack, payBack } from '@tillkeeper/core/refund/pay-back.ts'
import { cashTaken } from '@tillkeeper/core/sale/tender.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { takesNumber } from '@tillkeeper/facts/catalogue/paper-number.ts'
import type { SaleCompletedBody, SaleLine } from '@tillkeeper/facts/catalogue/sale-completed.ts'
import type { SaleRefundedBody } from '@tillkeeper/facts/catalogue/sale-refunded.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import {
  type Given,
  generateAnswers,
  generateConfirmations,
  generateDrawerAct,
  type Moved,
} from './drawer-cash.gen.ts'
import { generateExpense } from './expenses.gen.ts'
import { payAbroad } from './foreign-cash.gen.ts'
import { someTimes } from './pieces.gen.ts'
import {
  generateEnd,
  generateOpening,
  generateSteps,
  leftOf,
  varianceOf,
} from './session-life.gen.ts'

// Days of trade out of a number: the same number makes the same shops, people, goods and acts.

export type Chance = {
  /** From 0 up to, but without, `below`. */
  readonly pick: (below: number) => number
  readonly bytes: (length: number) => Uint8Array
}

/** A generator of chance that repeats itself (mulberry32). */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    pick: (below) => next() % below,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}

export type Product = {
  readonly id: ProductId
  readonly code: string
  readonly name: string
  readonly priceMinor: Minor
  readonly vatBasisPoints: number
}

/** Who works where, with what. */
export type Chain = {
  readonly org: OrgId
  readonly shops: readonly { readonly id: ShopId; readonly tills: readonly TillId[] }[]
  readonly staff: readonly StaffId[]
  readonly products: readonly Product[]
}

const thb = 'THB' as Currency
const startMs = Date.parse('2026-03-02T01:00:00.000Z')
const dayMs = 86_400_000

export function generateChain(
  chance: Chance,
  { shops = 2, tills = 2, products = 40 }: { shops?: number; tills?: number; products?: number },
): Chain {
  const id = <T extends string>() => uuidv7(startMs, chance.bytes(10)) as T
  return {
    org: id<OrgId>(),
    shops: Array.from({ length: shops }, () => ({
      id: id<ShopId>(),
      tills: Array.from({ length: tills }, () => id<TillId>()),
    })),
    staff: Array.from({ length: 4 }, () => id<StaffId>()),
    products: Array.from({ length: products }, (_, index) => ({
      id: id<ProductId>(),
      code: `P${index + 1}`,
      name: `Product ${index + 1}`,
      priceMinor: minor(500 + 50 * chance.pick(300)),
      vatBasisPoints: chance.pick(4) === 0 ? 0 : 700,
    })),
  }
}

/** The facts of one till's session, from its float to its count. */
export type Trade = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly day: number
  readonly drafts: readonly FactDraft[]
}

export type TradeOptions = {
  readonly days: number
  readonly salesPerSession: number
  /** Whether now and then something is sold in a session that is closed already, or one is never counted. */
  readonly late?: boolean
}

/** An attempt of a cash recycler that an act names, with what it says that was moved: into the machine above zero. */
export type MachineUse = {
  readonly shopId: ShopId
  readonly attemptId: string
  readonly minor: number
}

/**
 * The sessions of all tills, a day each, in the order of time. What they say of cash recyclers is added to `uses`: the
 * machines have a word in it too.
 */
export function generateTrade(
  chance: Chance,
  chain: Chain,
  options: TradeOptions,
  uses: MachineUse[] = [],
): Trade[] {
  const sold: Sold[] = []
  const left = new Map<TillId, number>()
  const given: Given[] = []
  return Array.from({ length: options.days }, (_, day) =>
    chain.shops.flatMap(({ id: shopId, tills }) =>
      tills.map((tillId, index) => {
        const till = {
          chain,
          shopId,
          tills,
          tillId,
          number: index + 1,
          day,
          sold,
          left,
          given,
          uses,
        }
        return { shopId, tillId, day, drafts: generateSession(chance, till, options) }
      }),
    ),
  ).flat()
}

type Sold = {
  readonly id: string
  readonly body: SaleCompletedBody
  readonly back: Set<number>
  readonly paidBack: PaidBack[]
}
type AtTill = {
  readonly chain: Chain
  readonly shopId: ShopId
  /** All tills of the shop. */
  readonly tills: readonly TillId[]
  readonly tillId: TillId
  readonly number: number
  readonly day: number
  /** Sales that may come back, in any shop. */
  readonly sold: Sold[]
  /** What the last session of each till left in its drawer. */
  readonly left: Map<TillId, number>
  /** Cash on its way between drawers, in any shop. */
  readonly given: Given[]
  /** Of all shops. */
  readonly uses: MachineUse[]
}

/** Names an attempt for an act: one of its own, or by mistake one that another act names. */
function useMachine(chance: Chance, { shopId, uses }: AtTill, minor: number): string {
  const last = uses.at(-1)
  const attemptId =
    last !== undefined && chance.pick(12) === 0
      ? last.attemptId
      : uuidv7(startMs + uses.length, chance.bytes(10))
  uses.push({ shopId, attemptId, minor })
  return attemptId
}

function generateSession(
  chance: Chance,
  till: AtTill,
  { salesPerSession, late = false }: TradeOptions,
): FactDraft[] {
  const { chain, shopId, tillId, sold } = till
  const staffId = chain.staff[chance.pick(chain.staff.length)] as StaffId
  const leftMinor = till.left.get(tillId) ?? 0
  const floatMinor = minor(leftMinor + 1_000 * chance.pick(200))
  let drawerMinor: number = floatMinor
  const { drafts, write, receipt } = writerOf(chance, till, staffId)
  const moved: Moved[] = []
  const variances: number[] = []
  const place = { shopId, tillId, staffId, currency: thb }
  const opening = generateOpening(chance, floatMinor, leftMinor)
  const sessionId = write('till.opened', { ...place, ...opening }) as SessionId
  const here = { ...place, sessionId }
  const work = { here, tills: till.tills, staff: chain.staff, given: till.given }
  const name = (minor: number) => useMachine(chance, till, minor)
  const sell = () => {
    const body = generateSale(chance, chain.products, { ...here, ...receipt() }, name)
    sold.push({ id: write('sale.completed', body), body, back: new Set(), paidBack: [] })
    drawerMinor += cashTaken(body).ownMinor
  }
  for (let nth = 0; nth < salesPerSession; nth += 1) {
    const what = chance.pick(20)
    if (what <= 1 && sold.length > 0) {
      const sale = sold[sold.length - 1 - chance.pick(Math.min(sold.length, 8))] as Sold
      const refund = generateRefund(chance, { ...here, ...receipt() }, sale, name)
      if (refund !== undefined) {
        // Two shops that cannot hear each other may take the same goods back.
        for (let times = chance.pick(4) === 0 ? 2 : 1; times > 0; times -= 1) {
          writeRefund(chance, refund, write)
          drawerMinor -= cashTaken(refund).ownMinor
        }
        continue
      }
    }
    if (what === 2) {
      const { signedMinor, ...movement } = generateMovement(chance, name)
      moved.push({ id: write('cash.moved', { ...here, ...movement }), ...movement })
      drawerMinor += signedMinor
      continue
    }
    if (what === 3 && chance.pick(2) === 0) {
      const steps = generateSteps(chance, chain, { ...here, drawerMinor })
      for (const { type, body } of steps) write(type, body)
      continue
    }
    if (what === 4) {
      drawerMinor -= generateExpense(chance, { here, staff: chain.staff, name }, write)
      continue
    }
    if (what === 5 || what === 6) {
      drawerMinor += generateDrawerAct(chance, work, write)
      continue
    }
    sell()
  }
  drawerMinor += generateAnswers(chance, work, write)
  for (const { type, body } of generateEnd(chance, { ...here, drawerMinor }, { never: late })) {
    write(type, body)
    if (type === 'till.closed') {
      variances.push(varianceOf(body))
      till.left.set(tillId, leftOf(body))
    }
  }
  generateConfirmations(chance, { ...work, moved }, write)
  const movements = moved.map(({ id }) => id)
  generateLook(chance, { chain, shopId, sessionId, movements, variances }, write)
  // A till that was cut off sells on in a session that was closed without it.
  if (late && chance.pick(6) === 0) sell()
  return drafts
}

/** Writes facts of a session down, one some while after the other. */
function writerOf(chance: Chance, till: AtTill, staffId: StaffId) {
  const { shopId, day } = till
  const drafts: FactDraft[] = []
  let counter = 0
  const receipt = () => receiptOf(till, ++counter)
  let nowMs = startMs + day * dayMs
  let session: string | undefined
  const write = (type: string, body: unknown, refs: readonly string[] = []): string => {
    nowMs += 1_000 + chance.pick(120_000)
    const id = uuidv7(nowMs, chance.bytes(10))
    const occurredAt = new Date(nowMs).toISOString()
    session ??= id
    drafts.push({
      id,
      type,
      v: catalogue[type as FactType].v,
      scope: `shop:${shopId}`,
      actor: `staff:${staffId}`,
      occurredAt,
      businessDate: new Date(startMs + day * dayMs).toISOString().slice(0, 10),
      keys: [`session:${session}`],
      refs,
      // A movement's paper takes the next number, as a sale's receipt does.
      body: takesNumber(type, body) ? { ...(body as object), ...receipt() } : body,
    })
    return id
  }
  return { drafts, write, receipt }
}

function receiptOf({ number, day }: AtTill, receiptCounter: number) {
  const date = new Date(startMs + day * dayMs).toISOString().slice(2, 10).replaceAll('-', '')
  const counted = `${String(number).padStart(2, '0')}${String(receiptCounter).padStart(4, '0')}`
  return { receiptNumber: `RCP-${date}-${counted}`, receiptCounter }
}

type Name = (minor: number) => string

function generateMovement(chance: Chance, name: Name) {
  const kind = (['pay_in', 'pay_out', 'drop', 'drop', 'top_up'] as const)[chance.pick(5)] ?? 'drop'
  const amountMinor = minor(1_000 + 100 * chance.pick(200))
  const into = kind === 'pay_in' || kind === 'top_up'
  const pieces = someTimes(chance, amountMinor)
  const said = { kind, amountMinor, ...pieces, note: 'as agreed' }
  if (chance.pick(4) > 0) return { ...said, signedMinor: into ? amountMinor : -amountMinor }
  // By a machine, also as no rule lets it be: into a machine out of the drawer.
  const attemptId = name(kind === 'pay_in' || kind === 'drop' ? amountMinor : -amountMinor)
  const signedMinor = { pay_in: 0, pay_out: 0, drop: -amountMinor, top_up: amountMinor }[kind]
  return { ...said, attemptId, signedMinor }
}

/** A void is a refund with its own mark; a copy of its paper changes no money. */
function writeRefund(
  chance: Chance,
  refund: SaleRefundedBody,
  write: (type: string, body: unknown, refs?: readonly string[]) => string,
): void {
  const { shopId, staffId, saleId = '' } = refund
  const type = chance.pick(5) === 0 ? 'sale.voided' : 'sale.refunded'
  const receiptId = write(type, refund, [saleId])
  if (chance.pick(3) > 0) return
  write('receipt.reprinted', { shopId, staffId, receiptId, kind: 'refund' })
}

/** Now and then somebody explains and verifies, also who may not, more than once, or more than there is. */
function generateLook(
  chance: Chance,
  look: {
    readonly chain: Chain
    readonly shopId: ShopId
    readonly sessionId: SessionId
    readonly movements: readonly string[]
    readonly variances: readonly number[]
  },
  write: (type: string, body: unknown) => string,
): void {
  const { chain, shopId, sessionId, movements, variances } = look
  const somebody = () => chain.staff[chance.pick(chain.staff.length)] as StaffId
  const [varianceMinor = 0] = variances
  for (let times = varianceMinor === 0 ? 0 : chance.pick(3); times > 0; times -= 1) {
    const [overShort, safe] = [`over_short:${shopId}`, `safe:${shopId}`]
    write('till.explained', {
      ...{ shopId, sessionId, staffId: somebody(), currency: thb },
      ...{ reason: 'missing_drop', class: 'explain', note: 'found behind the safe' },
      bookings: [
        {
          from: varianceMinor < 0 ? overShort : safe,
          to: varianceMinor < 0 ? safe : overShort,
          ...{ type: 'correction', currency: thb, amountMinor: minor(Math.abs(varianceMinor)) },
        },
      ],
    })
  }
  for (let times = chance.pick(3); times > 0; times -= 1) {
    write('till.verified', { shopId, sessionId, staffId: somebody() })
  }
  if (movements.length > 0) {
    write('cash.verified', { shopId, staffId: somebody(), movementIds: movements })
  }
}

type Here = Pick<
  SaleCompletedBody,
  'shopId' | 'tillId' | 'staffId' | 'currency' | 'sessionId' | 'receiptNumber' | 'receiptCounter'
>

function generateSale(
  chance: Chance,
  products: readonly Product[],
  here: Here,
  name: Name,
): SaleCompletedBody {
  const lines = Array.from({ length: 1 + chance.pick(5) }, (_, index): SaleLine => {
    const product = products[chance.pick(products.length)] as Product
    const quantity = chance.pick(6) === 0 ? 250 + chance.pick(2_000) : 1_000 * (1 + chance.pick(3))
    return {
      lineNo: index + 1,
      productId: product.id,
      code: product.code,
      name: product.name,
      quantity,
      unitPriceMinor: product.priceMinor,
      discountMinor: minor(0),
      totalMinor: minor(mulDivRound(product.priceMinor, quantity, 1_000)),
      vatBasisPoints: product.vatBasisPoints,
    }
  })
  const { taxes, totalMinor, taxMinor } = totalsOf(lines)
  const method = (
    ['cash', 'cash', 'cash', 'cash', 'card', 'promptpay', 'bank_transfer', 'machine'] as const
  )[chance.pick(8)]
  const cash = method === 'cash'
  if (cash && chance.pick(4) === 0) {
    const settled = payAbroad(chance, totalMinor)
    return { ...here, lines, taxes, totalMinor, taxMinor, ...settled }
  }
  if (method === 'machine') {
    // Now and then it had not the pieces for its change: that came out of the drawer.
    const given = minor(totalMinor + (chance.pick(4) === 0 ? 5_000 : 0))
    const by = { method, amountMinor: totalMinor, givenMinor: given, attemptId: name(given) }
    const changeMinor = minor(given - totalMinor)
    return { ...here, lines, taxes, totalMinor, taxMinor, tenders: [by], changeMinor }
  }
  const givenMinor = minor(cash ? Math.ceil(totalMinor / 10_000) * 10_000 : totalMinor)
  const given = cash ? someTimes(chance, givenMinor) : {}
  const { pieces: changePieces } = someTimes(chance, givenMinor - totalMinor)
  return {
    ...here,
    lines,
    taxes,
    totalMinor,
    taxMinor,
    tenders: [{ method: method ?? 'cash', amountMinor: totalMinor, givenMinor, ...given }],
    changeMinor: minor(givenMinor - totalMinor),
    ...(changePieces === undefined ? {} : { changePieces }),
  }
}

function totalsOf(
  lines: readonly { readonly totalMinor: number; readonly vatBasisPoints: number }[],
) {
  const rates = new Map<number, number>()
  for (const { totalMinor, vatBasisPoints } of lines) {
    rates.set(vatBasisPoints, (rates.get(vatBasisPoints) ?? 0) + totalMinor)
  }
  const taxes = [...rates].map(([vatBasisPoints, total]) => {
    const taxMinor = minor(mulDivRound(total, vatBasisPoints, 10_000 + vatBasisPoints))
    return { vatBasisPoints, netMinor: minor(total - taxMinor), taxMinor }
  })
  return {
    taxes,
    totalMinor: minor(lines.reduce((all, line) => all + line.totalMinor, 0)),
    taxMinor: minor(taxes.reduce((all, tax) => all + tax.taxMinor, 0)),
  }
}

/** A line of a sale comes back whole; `undefined` when all of it came back before. */
function generateRefund(
  chance: Chance,
  here: Here,
  sale: Sold,
  name: Name,
): SaleRefundedBody | undefined {
  const left = sale.body.lines.filter(({ lineNo }) => !sale.back.has(lineNo))
  const line = left[chance.pick(Math.max(1, left.length))]
  if (line === undefined) return undefined
  sale.back.add(line.lineNo)
  const { discountMinor: _, unitPriceMinor: __, ...rest } = line
  const { taxes, totalMinor, taxMinor } = totalsOf([line])
  // What came in dollars goes back in dollars as far as it reaches; the rest as cash is paid.
  const [paid] = foreignPaidOf(sale.body, sale.paidBack).values()
  const within =
    paid === undefined ? 0 : amountWithin(totalMinor, { ...paid.at, base: thb }, minor(1))
  const amount = Math.min(within, paid?.leftMinor ?? 0)
  const foreign =
    paid === undefined || amount === 0
      ? undefined
      : { currency: paid.at.currency, minor: minor(amount) }
  const terms = { currency: thb, paid: foreignPaidOf(sale.body, sale.paidBack) }
  const by =
    foreign === undefined && totalMinor > 0 && chance.pick(4) === 0
      ? ({ method: 'machine', attemptId: name(-totalMinor) } as const)
      : ({ method: 'cash', foreign } as const)
  const back = payBack(totalMinor, by, terms)
  if (!back.ok) throw new Error(back.refusal.code)
  sale.paidBack.push(back.value)
  return {
    ...here,
    saleId: sale.id,
    lines: [rest],
    taxes,
    totalMinor,
    taxMinor,
    ...back.value,
    reason: 'not fresh',
  }
}
