import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { makeChange, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { makeId, type TillNode } from '../app/node.ts'
import { rehearsePay } from '../expense/record-expense.ts'
import { type RefundSaleAsk, rehearseRefund } from '../refund/refund-sale.ts'
import { type RefundUnlinkedAsk, rehearseUnlinked } from '../refund/refund-unlinked.ts'
import { rehearseVoid, type VoidSaleAsk } from '../refund/void-sale.ts'
import { type CompleteSaleAsk, rehearseSale, takeBasket } from '../sale/complete-sale.ts'
import { type MoveCashAsk, rehearseMove } from '../till/move-cash.ts'
import { findMachine, type MachineHere } from './live-machines.ts'
import type { MachineRecord, MachineTask, MachineWork } from './machine-record.ts'
import { keptMinor, type MachineAttempt } from './machine-state.ts'
import { beginAttempt, tellAttempt } from './run-attempts.ts'

// Each way to ask a machine: the act is decided first as if the machine had done it, so that nothing refuses it once
// money moved; then it is written down, and only then is the machine asked.

type Refused = { readonly code: string }
type Begun = Outcome<MachineRecord, Refused>

/** The machine that this till may ask now. */
export function machineHere(node: TillNode, currency: Currency): MachineHere | undefined {
  const { machines } = node.state.getState()
  return findMachine(machines, { tillId: node.device.tillId, currency })
}

/** Asks for what is left of a sale, rounded as cash is. */
export async function sellByMachine(
  node: TillNode,
  currency: Currency,
  { ask, dueMinor }: { readonly ask: CompleteSaleAsk; readonly dueMinor: Minor },
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const basket = takeBasket(node)
  const paid = { method: 'machine' as const, givenMinor: dueMinor, attemptId }
  const rehearsed = rehearseSale(node, { ...ask, tenders: [...ask.tenders, paid] }, basket)
  if (!rehearsed.ok) return rehearsed
  const work = { kind: 'pay_in', amountMinor: dueMinor } as const
  return begin(node, { attemptId, currency, work, task: { kind: 'sale', ask, basket } })
}

/** Pays goods of a sale back out of a machine. */
export async function refundByMachine(
  node: TillNode,
  currency: Currency,
  ask: RefundSaleAsk,
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const rehearsed = await rehearseRefund(node, { ...ask, method: 'machine', attemptId })
  if (!rehearsed.ok) return rehearsed
  const task = { kind: 'refund', ask: { ...ask, method: 'machine' } } as const
  const amountMinor = givenOf(rehearsed.value.tenders)
  return payOut(node, { attemptId, currency, task, amountMinor, approval: ask.approval })
}

/** Pays goods without a receipt back out of a machine. */
export async function returnByMachine(
  node: TillNode,
  currency: Currency,
  ask: RefundUnlinkedAsk,
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const rehearsed = rehearseUnlinked(node, { ...ask, method: 'machine', attemptId })
  if (!rehearsed.ok) return rehearsed
  const task = { kind: 'unlinked', ask: { ...ask, method: 'machine' } } as const
  const amountMinor = givenOf(rehearsed.value.tenders)
  return payOut(node, { attemptId, currency, task, amountMinor, approval: ask.approval })
}

/** Takes a sale back, and what a machine took of it comes out of one. */
export async function voidByMachine(
  node: TillNode,
  currency: Currency,
  ask: VoidSaleAsk,
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const rehearsed = await rehearseVoid(node, { ...ask, attemptId })
  if (!rehearsed.ok) return rehearsed
  const task = { kind: 'void', ask } as const
  const amountMinor = givenOf(rehearsed.value.tenders)
  return payOut(node, { attemptId, currency, task, amountMinor, approval: ask.approval })
}

/** A pay-out, or a float for the drawer in these pieces, out of a machine. */
export async function moveByMachine(
  node: TillNode,
  currency: Currency,
  ask: MoveCashAsk,
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const rehearsed = rehearseMove(node, { ...ask, attemptId })
  if (!rehearsed.ok) return rehearsed
  const { amountMinor, approval, pieces } = ask
  const task = { kind: 'movement', ask } as const
  return payOut(node, { attemptId, currency, task, amountMinor, approval, pieces })
}

/** The cash of an expense out of a machine. */
export async function payExpenseByMachine(
  node: TillNode,
  currency: Currency,
  { name, ...ask }: { readonly id: string; readonly expenseId: string; readonly name: string },
): Promise<Begun> {
  const attemptId = makeId(node.nowMs())
  const rehearsed = rehearsePay(node, { ...ask, attemptId })
  if (!rehearsed.ok) return rehearsed
  const { amountMinor } = rehearsed.value
  return payOut(node, { attemptId, currency, task: { kind: 'expense', ask, name }, amountMinor })
}

/** Gives home what an attempt kept that nothing came of. */
export async function giveBack(node: TillNode, { record, view }: MachineAttempt): Promise<Begun> {
  const { currency, attemptId: forAttemptId } = record
  const amountMinor = view === undefined ? minor(0) : keptMinor(view)
  const task = { kind: 'give_back', forAttemptId } as const
  return payOut(node, { attemptId: makeId(node.nowMs()), currency, task, amountMinor })
}

/** The same once more, as another attempt, after one of which nothing came. */
export async function askAgain(node: TillNode, { record }: MachineAttempt): Promise<Begun> {
  tellAttempt(node, record.attemptId, { type: 'key', key: 'leave' })
  const { currency, work, task, approvalId } = record
  return begin(node, { attemptId: makeId(node.nowMs()), currency, work, task, approvalId })
}

type Asked = Pick<MachineRecord, 'attemptId' | 'currency' | 'work' | 'task' | 'approvalId'>

type PayOut = {
  readonly attemptId: string
  readonly currency: Currency
  readonly task: MachineTask
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly approval?: HeldApproval | undefined
}

function payOut(node: TillNode, { amountMinor, pieces, approval, ...asked }: PayOut) {
  const approvalId = approval?.approval.id
  if (amountMinor <= 0) return Promise.resolve(refused({ code: 'machine_not_able' }))
  const chosen =
    pieces ?? choosePieces(machineHere(node, asked.currency), asked.currency, amountMinor)
  if (chosen === 'none') return Promise.resolve(refused({ code: 'machine_not_able' }))
  const work: MachineWork = {
    ...{ kind: 'pay_out', amountMinor },
    ...(chosen !== undefined && { pieces: chosen }),
  }
  return begin(node, { ...asked, work, approvalId })
}

/** The pieces of an amount for a machine that gives by piece alone; `undefined` where it chooses by itself. */
function choosePieces(here: MachineHere | undefined, currency: Currency, amountMinor: Minor) {
  if (here?.live?.capabilities?.payOut !== 'pieces') return undefined
  const stock = piecesIn(here, currency)
  return makeChange(amountMinor, stock, stock) ?? 'none'
}

/** What a machine can give of a currency, high to low. */
export function piecesIn(here: MachineHere, currency: Currency): Pieces {
  return (here.live?.stock ?? [])
    .filter((line) => line.unit === 'recycling' && line.currency === currency && line.pieces > 0)
    .map(({ faceMinor, pieces }) => ({ faceMinor, pieces }))
    .sort((a, b) => b.faceMinor - a.faceMinor)
}

function givenOf(tenders: readonly { readonly method: string; readonly givenMinor: Minor }[]) {
  const given = tenders.find(({ method }) => method === 'machine')
  return given?.givenMinor ?? minor(0)
}

async function begin(node: TillNode, asked: Asked): Promise<Begun> {
  const here = machineHere(node, asked.currency)
  const { person, book } = node.state.getState()
  if (here === undefined || here.away !== undefined) return refused({ code: 'machine_away' })
  if (person === undefined || book.session === undefined) {
    return refused({ code: 'session_not_found' })
  }
  return beginAttempt(node, {
    ...asked,
    ...{ recyclerId: here.id, machine: here.name, tillId: node.device.tillId },
    ...{ sessionId: book.session.id, staffId: person.id, stage: 'asked' },
    askedAt: new Date(node.nowMs()).toISOString(),
  })
}
