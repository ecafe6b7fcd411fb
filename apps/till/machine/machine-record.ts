import type { SessionId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { RatesHeld } from '@tillkeeper/core/money/rate.ts'
import type { Person } from '../catalogue/directory.ts'
import type { RefundSaleAsk } from '../refund/refund-sale.ts'
import type { RefundUnlinkedAsk } from '../refund/refund-unlinked.ts'
import type { VoidSaleAsk } from '../refund/void-sale.ts'
import type { Cart } from '../sale/cart.ts'
import type { CompleteSaleAsk } from '../sale/complete-sale.ts'
import type { MoveCashAsk } from '../till/move-cash.ts'

// What this till asks a cash recycler for stands in its own storage, whole, before the store server hears of it: a
// page that is closed or reloaded in the middle finds it, asks what became of it, and goes on.

/** What money may be moved for at a machine. `id` of each ask is the id of the fact that comes of it. */
export type MachineTask =
  | { readonly kind: 'sale'; readonly ask: CompleteSaleAsk; readonly basket: Basket }
  | { readonly kind: 'refund'; readonly ask: RefundSaleAsk }
  | { readonly kind: 'unlinked'; readonly ask: RefundUnlinkedAsk }
  /** A sale that a machine took the money of is taken back. */
  | { readonly kind: 'void'; readonly ask: VoidSaleAsk }
  /** A pay-out, cash paid in, or a float from the machine to this drawer. */
  | { readonly kind: 'movement'; readonly ask: MoveCashAsk }
  | {
      readonly kind: 'expense'
      readonly ask: { readonly id: string; readonly expenseId: string }
      /** Who takes it. */
      readonly name: string
    }
  /** Money of an earlier attempt goes home to who put it in. No fact of this till comes of it. */
  | { readonly kind: 'give_back'; readonly forAttemptId: string }

/** A sale as it was when its customer was asked to pay: nothing that changes later changes it. */
export type Basket = {
  readonly cart: Cart
  readonly products: ReadonlyMap<string, CatalogueProduct>
  readonly rates: RatesHeld
  readonly rounding?: CashRounding | undefined
}

/** What a machine is asked to do, of what the contract knows: these a till asks for. */
export type MachineWork =
  | { readonly kind: 'pay_in'; readonly amountMinor: Minor }
  | { readonly kind: 'pay_out'; readonly amountMinor: Minor; readonly pieces?: Pieces | undefined }

/** One try at a machine, as this till keeps it until all that follows from it is written. */
export type MachineRecord = {
  readonly attemptId: string
  readonly recyclerId: string
  /** Its name, for when nobody can be asked. */
  readonly machine: string
  readonly currency: Currency
  readonly work: MachineWork
  readonly task: MachineTask
  readonly tillId: TillId
  readonly sessionId: SessionId
  /** Who asked. What comes of it is done by their right. */
  readonly staffId: StaffId
  readonly approvalId?: string | undefined
  readonly askedAt: Instant
  /**
   * `asked`: somebody stands before it. `aside`: a sale that waits for its end, while others are sold.
   * `left`: what it was for was done otherwise, or not at all; if it moved money after all, that has to go home.
   */
  readonly stage: 'asked' | 'aside' | 'left'
}

/** An act whose money a machine moved, when it is written. */
export type ByMachine = {
  readonly attemptId: string
  readonly askedAt: Instant
  /** Who asked, as the shop knows them now; left out where it does not any more. */
  readonly asker?: Person | undefined
  /** The attempts that are open without this one: written with the act. */
  readonly open: () => readonly MachineRecord[]
}

/** Tries that a till keeps at once: with more, no machine is asked until somebody looked at them. */
export const recordsMax = 20

/** The id of the fact that comes of an attempt; none where it only gives money back. */
export function actOf({ task }: Pick<MachineRecord, 'task'>): string | undefined {
  return task.kind === 'give_back' ? undefined : task.ask.id
}

/** What the store server is told that the money is for. */
export function linksOf({ task }: Pick<MachineRecord, 'task'>) {
  switch (task.kind) {
    case 'sale':
      return { saleId: task.ask.id }
    case 'refund':
    case 'unlinked':
    case 'void':
      return { refundId: task.ask.id }
    case 'movement':
      return { movementId: task.ask.id }
    case 'expense':
      return { expenseId: task.ask.expenseId }
    case 'give_back':
      return { forAttemptId: task.forAttemptId }
  }
}
