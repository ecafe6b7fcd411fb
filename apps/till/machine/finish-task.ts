import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { TillNode } from '../app/node.ts'
import { payExpense } from '../expense/record-expense.ts'
import { type MadeRefund, refundSale } from '../refund/refund-sale.ts'
import { refundUnlinked } from '../refund/refund-unlinked.ts'
import { voidSale } from '../refund/void-sale.ts'
import { completeSale, type MadeSale } from '../sale/complete-sale.ts'
import { moveCash } from '../till/move-cash.ts'
import { actOf, type ByMachine, type MachineRecord } from './machine-record.ts'
import { keptMinor } from './machine-state.ts'

/** What came of an attempt, for the screen that asked. */
export type Finished = {
  readonly record: MachineRecord
} /** With what the machine gave back of what was put in. */ & (
  | { readonly is: 'sale'; readonly made: MadeSale; readonly given?: CashAmount | undefined }
  | { readonly is: 'refund'; readonly made: MadeRefund }
  /** Another act, or one that was written before the page was loaded again. */
  | { readonly is: 'done' }
)

/**
 * Writes what an attempt was for, with what the machine moved, and in the same transaction that the attempt is over:
 * once, however often it is tried. An act that stands already is not made again.
 */
export async function finishTask(
  node: TillNode,
  record: MachineRecord,
  view: AttemptView,
): Promise<Outcome<Finished, { readonly code: string }>> {
  const actId = actOf(record)
  if (actId === undefined || (await isRecorded(node, actId))) {
    return accepted({ is: 'done', record })
  }
  const { attemptId, staffId, askedAt, task } = record
  const by: ByMachine = {
    ...{ attemptId, askedAt },
    asker: node.state.getState().directory.people.get(staffId),
    open: () => openWithout(node, attemptId),
  }
  switch (task.kind) {
    case 'sale': {
      const paid = { method: 'machine' as const, givenMinor: keptMinor(view), attemptId }
      const ask = { ...task.ask, tenders: [...task.ask.tenders, paid] }
      const made = await completeSale(node, ask, { basket: task.basket, by })
      const given = view.out ?? undefined
      return made.ok ? accepted({ is: 'sale', record, made: made.value, given }) : made
    }
    case 'refund': {
      const made = await refundSale(node, { ...task.ask, method: 'machine', attemptId }, by)
      return made.ok ? accepted({ is: 'refund', record, made: made.value }) : made
    }
    case 'unlinked': {
      const made = await refundUnlinked(node, { ...task.ask, method: 'machine', attemptId }, by)
      return made.ok ? accepted({ is: 'refund', record, made: made.value }) : made
    }
    case 'void': {
      const made = await voidSale(node, { ...task.ask, attemptId }, by)
      return made.ok ? accepted({ is: 'refund', record, made: made.value }) : made
    }
    case 'movement': {
      const pieces = task.ask.kind === 'pay_in' ? view.in?.pieces : view.out?.pieces
      const amountMinor = minor(Math.abs(keptMinor(view)))
      const exact = pieces?.reduce((all, each) => all + each.faceMinor * each.pieces, 0)
      const ask = {
        ...{ ...task.ask, attemptId, amountMinor },
        ...(exact === amountMinor && { pieces }),
      }
      const made = await moveCash(node, ask, by)
      return made.ok ? accepted({ is: 'done', record }) : made
    }
    case 'expense': {
      const made = await payExpense(node, { ...task.ask, attemptId }, by)
      return made.ok ? accepted({ is: 'done', record }) : made
    }
    case 'give_back':
      return accepted({ is: 'done', record })
  }
}

/** The attempts that are open, without one. */
export function openWithout({ state }: Pick<TillNode, 'state'>, attemptId: string) {
  return state
    .getState()
    .attempts.map(({ record }) => record)
    .filter((record) => record.attemptId !== attemptId)
}

async function isRecorded({ db }: TillNode, id: string): Promise<boolean> {
  return (await db.getAllFromIndex('fact', 'id', id, 1)).length > 0
}
