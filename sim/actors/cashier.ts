import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { denominationsOf, makeChange, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { priceSale } from '@tillkeeper/core/sale/complete-sale.ts'
import type { CashMovementKind } from '@tillkeeper/core/till/move-cash.ts'
import { expectedMinor } from '@tillkeeper/core/till/till-session.ts'
import type { TillNode } from '@tillkeeper/till-app/app/node.ts'
import { ackWaitMs } from '@tillkeeper/till-app/app/record-act.ts'
import type { Place } from '@tillkeeper/till-app/journal/journal.ts'
import { waitForAck } from '@tillkeeper/till-app/journal/outbox.ts'
import { listRefunds, type SaleDocument } from '@tillkeeper/till-app/receipt/document.ts'
import { refundSale } from '@tillkeeper/till-app/refund/refund-sale.ts'
import { addProduct, emptyCart } from '@tillkeeper/till-app/sale/cart.ts'
import { completeSale } from '@tillkeeper/till-app/sale/complete-sale.ts'
import { askedLines } from '@tillkeeper/till-app/sale/price-cart.ts'
import { closeTill } from '@tillkeeper/till-app/till/close-till.ts'
import { moveCash } from '@tillkeeper/till-app/till/move-cash.ts'
import { openTill } from '@tillkeeper/till-app/till/open-till.ts'
import type { Random } from '../world/random.ts'
import { currency } from './chain-setup.ts'
import type { Till } from './till.ts'

// Somebody who works at a till. Acts are asked of the app's own use cases; what is printed or handed over
// is written down outside of the till, and is what must never be lost.

export type Cashier = {
  /** Does one act of a day. It resolves when it is over, and never where the till fell meanwhile. */
  readonly act: () => Promise<void>
  readonly openSession: () => Promise<void>
  readonly closeSession: () => Promise<void>
  readonly sell: () => Promise<void>
  readonly refund: () => Promise<void>
  readonly moveCash: () => Promise<void>
  /** Looks up what was asked before the till fell: what is there is handed over now. */
  readonly pickUp: () => Promise<void>
}

type Pending = { readonly id: string; readonly type: string }

const methods = ['cash', 'cash', 'cash', 'card', 'promptpay', 'bank_transfer'] as const
const quantities = [1_000, 1_000, 2_000, 250] as const
const extras = [0, 500, 5_075, 100_000] as const
const kinds: readonly CashMovementKind[] = ['pay_in', 'pay_out', 'drop', 'top_up']

export function makeCashier(till: Till, staffId: string, chance: Random): Cashier {
  const work: Work = { till, staffId, chance, pending: undefined }
  return {
    openSession: () => openSession(work),
    closeSession: () => closeSession(work),
    sell: () => sell(work),
    refund: () => refund(work),
    moveCash: () => move(work),
    pickUp: () => pickUp(work),
    act: async () => {
      const node = findNode(work)
      if (node === undefined) return
      await pickUp(work)
      if (node.state.getState().book.session === undefined) return openSession(work)
      const dice = chance.next()
      if (dice < 0.78) return sell(work)
      if (dice < 0.88) return refund(work)
      return move(work)
    },
  }
}

type Work = {
  readonly till: Till
  readonly staffId: string
  readonly chance: Random
  /** Asked for, and not heard of. */
  pending: Pending | undefined
}

/** The till, if it runs and knows who stands before it. */
function findNode({ till, staffId }: Work): TillNode | undefined {
  const node = till.node()
  if (node === undefined) return undefined
  const { directory } = node.state.getState()
  const person = directory.people.get(staffId as StaffId)
  if (person === undefined || !directory.shops.has(node.device.shopId)) return undefined
  if (!directory.tills.has(node.device.tillId)) return undefined
  node.state.setState({ person })
  return node
}

function intend(work: Work, type: string): string {
  const { till, chance } = work
  const id = uuidv7(till.clock.nowMs(), chance.bytes(10))
  till.truth.intended.set(id, { type, node: till.author })
  work.pending = { id, type }
  return id
}

type Told = {
  readonly id: string
  readonly type: string
  readonly body: unknown
  readonly place?: Place
}

/** The receipt prints: marked offline, unless the store server had it in time. */
async function promise(work: Work, node: TillNode, { id, type, body, place }: Told): Promise<void> {
  const { world, truth, author, running } = work.till
  const process = running()
  const wait = { maxMs: ackWaitMs, after: process?.timer.after ?? world.time.after }
  const heard = place === undefined ? 'not_yet' : await waitForAck(node.outbox, place, wait)
  const how = heard === 'acknowledged' ? 'acknowledged' : 'offline'
  world.counters.count(`receipt.${how}`)
  truth.promised.set(id, { id, type, node: author, atMs: world.time.nowMs(), body, how })
  world.trace.note(`${author} promises ${type} ${id} ${how}`)
  work.pending = undefined
}

function hearRefusal(work: Work, code: string): void {
  work.till.world.counters.count(`act.${code}`)
  work.pending = undefined
}

/** What the till wrote last, and where. */
async function readLast(node: TillNode): Promise<{ body: unknown; place?: Place }> {
  const head = node.journal.heads().at(-1)
  if (head === undefined) return { body: undefined }
  const place = { stream: head.stream, seq: head.seq }
  const row = await node.db.get('fact', [head.stream, head.seq])
  return { body: row === undefined ? undefined : bodyOf(row.bytes), place }
}

function bodyOf(bytes: Uint8Array): unknown {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { body: unknown }).body
}

async function openSession(work: Work): Promise<void> {
  const node = findNode(work)
  if (node === undefined || node.state.getState().book.session !== undefined) return
  const type = 'till.opened'
  const id = intend(work, type)
  const floatMinor = minor(work.chance.below(20_000) * coinMinor)
  const outcome = await openTill(node, { id, floatMinor, pieces: piecesOf(floatMinor) })
  if (!outcome.ok) return hearRefusal(work, outcome.refusal.code)
  await promise(work, node, { id, type, ...(await readLast(node)) })
}

async function closeSession(work: Work): Promise<void> {
  const node = findNode(work)
  const session = node?.state.getState().book.session
  if (node === undefined || session === undefined) return
  const type = 'till.closed'
  const id = intend(work, type)
  // Nobody counts less than the smallest coin.
  const expected = expectedMinor(session.floatMinor, session.totals)
  const coins = Math.floor(expected / coinMinor) + work.chance.pick([0, 0, -1, 4])
  const countedMinor = minor(Math.max(0, coins * coinMinor))
  const outcome = await closeTill(node, { id, countedMinor, pieces: piecesOf(countedMinor) })
  if (!outcome.ok) return hearRefusal(work, outcome.refusal.code)
  await promise(work, node, { id, type, ...(await readLast(node)) })
}

async function sell(work: Work): Promise<void> {
  const { chance } = work
  const node = findNode(work)
  const session = node?.state.getState().book.session
  if (node === undefined || session === undefined) return
  const { directory } = node.state.getState()
  if (directory.listed.length === 0) return
  let cart = emptyCart
  for (let lines = chance.between(1, 4); lines > 0; lines -= 1) {
    cart = addProduct(cart, chance.pick(directory.listed).id, chance.pick(quantities))
  }
  node.state.setState({ cart })
  const terms = { products: directory.byId, currency: session.currency }
  const priced = priceSale(terms, askedLines(cart))
  if (!priced.ok) return
  const type = 'sale.completed'
  const id = intend(work, type)
  const { totalMinor } = priced.value
  const method = chance.pick(methods)
  const givenMinor = minor(totalMinor + (method === 'cash' ? chance.pick(extras) : 0))
  const outcome = await completeSale(node, { id, totalMinor, tenders: [{ method, givenMinor }] })
  if (!outcome.ok) return hearRefusal(work, outcome.refusal.code)
  const { document, place } = outcome.value
  await promise(work, node, { id, type, body: document.body, place })
}

async function refund(work: Work): Promise<void> {
  const { chance } = work
  const node = findNode(work)
  if (node?.state.getState().book.session === undefined) return
  const documents = (await node.db.getAll('document')) as SaleDocument[]
  const sales = documents.filter(({ kind }) => kind === 'sale')
  if (sales.length === 0) return sell(work)
  const { id: saleId, receiptNumber, occurredAt, staffName, body } = chance.pick(sales)
  const refunds = (await listRefunds(node.db, saleId)).map((each) => ({
    id: each.id,
    ...each.body,
  }))
  const line = chance.pick(body.lines)
  const type = 'sale.refunded'
  const id = intend(work, type)
  const outcome = await refundSale(node, {
    id,
    sale: {
      ...{ id: saleId, receiptNumber, occurredAt, staffName, refunds },
      ...{ currency: body.currency, lines: body.lines, totalMinor: body.totalMinor },
      checked: 'here_only',
    },
    lines: [{ lineNo: line.lineNo, quantity: chance.between(1, line.quantity) }],
    method: chance.pick(['cash', 'card'] as const),
    reason: 'came back',
  })
  if (!outcome.ok) return hearRefusal(work, outcome.refusal.code)
  const { document, place } = outcome.value
  await promise(work, node, { id, type, body: document.body, place })
}

async function move(work: Work): Promise<void> {
  const { chance } = work
  const node = findNode(work)
  if (node?.state.getState().book.session === undefined) return
  const type = 'cash.moved'
  const id = intend(work, type)
  const ask = { id, kind: chance.pick(kinds), amountMinor: minor(chance.between(1, 50_000)) }
  const outcome = await moveCash(node, ask)
  if (!outcome.ok) return hearRefusal(work, outcome.refusal.code)
  await promise(work, node, { id, type, ...(await readLast(node)) })
}

async function pickUp(work: Work): Promise<void> {
  const { world, truth, author } = work.till
  const node = work.till.node()
  if (node === undefined || work.pending === undefined) return
  const { id, type } = work.pending
  work.pending = undefined
  // Nobody was told that it is done. If it is in the journal it is done, and the receipt prints now.
  const row = (await node.db.getAll('fact')).find((each) => each.id === id)
  if (row === undefined) return
  world.counters.count('act.found_after_restart')
  const [atMs, how] = [world.time.nowMs(), 'found_after_restart' as const]
  truth.promised.set(id, { id, type, node: author, atMs, body: bodyOf(row.bytes), how })
}

/** The smallest coin of the chain's currency. */
const coinMinor = 25

function piecesOf(amountMinor: Minor): Pieces {
  const pieces = makeChange(amountMinor, denominationsOf(currency as Currency))
  if (pieces === undefined) throw new Error('what is counted is made of coins')
  return pieces
}
