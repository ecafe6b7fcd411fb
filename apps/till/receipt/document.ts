import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { ReceiptView } from '@tillkeeper/core/receipt/receipt-view.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import type { SaleCompleted } from '@tillkeeper/core/sale/complete-sale.ts'
import type { Shop } from '../catalogue/directory.ts'
import type { TillDb } from '../journal/database.ts'
import { viewMovement } from './view-movement.ts'

type Common = {
  readonly id: string
  readonly receiptNumber: string
  readonly sessionId: string
  readonly occurredAt: Instant
  readonly businessDate: Day
  readonly staffName: string
  readonly tillNumber: number
}

/** A sale as its receipt needs it. */
export type SaleDocument = Common & { readonly kind: 'sale'; readonly body: SaleCompleted }

/** A refund as its receipt needs it. */
export type RefundDocument = Common & {
  readonly kind: 'refund'
  readonly body: SaleRefunded
  /** It took its sale back whole. */
  readonly voids?: boolean
  readonly saleId?: string
  readonly saleReceiptNumber?: string
}

/** Cash that moved by hand, as its paper needs it. */
export type MovementDocument = Omit<Common, 'sessionId'> & {
  readonly kind: 'movement'
  /** Empty where no session took part. */
  readonly sessionId: string
  /** The type of its fact, whose body it is. */
  readonly type: string
  readonly body: unknown
}

export type TradeDocument = SaleDocument | RefundDocument
/** A paper that was written at this till. */
export type TillDocument = TradeDocument | MovementDocument

/** Rows of a session's history that are read at once: a long day at a busy till. */
export const historyMax = 2_000

/** A session's papers, the latest first. */
export async function listDocuments(
  db: TillDb,
  sessionId: string,
): Promise<readonly TillDocument[]> {
  const range = IDBKeyRange.only(sessionId)
  const rows = await db.getAllFromIndex('document', 'sessionId', range, historyMax)
  // Ids are made in the order of the acts.
  return (rows as TillDocument[]).sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** This till's sale or refund with a receipt number, if it is still kept here. */
export async function findDocument(
  db: TillDb,
  receiptNumber: string,
): Promise<TradeDocument | undefined> {
  const found = (await db.getFromIndex('document', 'receiptNumber', receiptNumber)) as
    | TillDocument
    | undefined
  return found?.kind === 'movement' ? undefined : found
}

/** The refunds of a sale that were made at this till. */
export async function listRefunds(db: TillDb, saleId: string): Promise<readonly RefundDocument[]> {
  const rows = await db.getAllFromIndex('document', 'saleId', IDBKeyRange.only(saleId), historyMax)
  return rows as RefundDocument[]
}

/** The document as core writes receipts. */
export function viewDocument(document: TillDocument, shop: Shop): ReceiptView {
  if (document.kind === 'movement') return viewMovement(document, shop)
  const { receiptNumber, occurredAt, staffName, tillNumber, body } = document
  const { currency, taxes, totalMinor, tenders, roundingMinor } = body
  const common = {
    ...{ shop, receiptNumber, occurredAt, staffName, tillNumber },
    ...{ currency, taxes, totalMinor, tenders, roundingMinor },
  }
  if (document.kind === 'sale') {
    const { lines, changeMinor, change, customerNumber, note } = document.body
    return { kind: 'sale', ...common, lines, changeMinor, change, customerNumber, note }
  }
  assert(document.kind === 'refund', 'a document is a sale or a refund')
  const { lines, reason } = document.body
  const kind = document.voids === true ? 'void' : 'refund'
  return { kind, ...common, lines, reason, saleReceiptNumber: document.saleReceiptNumber }
}
