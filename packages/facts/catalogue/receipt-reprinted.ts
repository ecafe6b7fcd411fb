import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { type ReadonlyStatic, Strict, Text, Uuid } from './parts.ts'
import { Word } from './verification.ts'

/** A paper was printed again, marked as a copy. */
export const ReceiptReprintedBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  /** The fact that the paper is of. */
  receiptId: Uuid<string>(),
  /** What kind of paper it is: `sale`, `refund`, `void`, `drop` … */
  kind: Word,
  /** Its number, where it has one. */
  receiptNumber: Type.Optional(Text(24, 1)),
  reason: Type.Optional(Text(200, 1)),
})

export type ReceiptReprintedBody = ReadonlyStatic<typeof ReceiptReprintedBody>
export type ReceiptReprintedFact = Fact<'receipt.reprinted', ReceiptReprintedBody>
