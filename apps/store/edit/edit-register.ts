import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { registerEditVersion } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody, RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { findTags } from '@tillkeeper/projections/registers/register-set-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'

// What a shop may say of the chain's entities (facts/catalogue/authority.ts). It is sealed in the shop's own
// stream and counts here at once; the cloud relays it to all others.

export type EditRefusal = { readonly code: 'not_found' } | ActRefusal

export type NoteProduct = {
  readonly productId: string
  readonly note?: string | undefined
  readonly addBarcodes?: readonly string[] | undefined
  readonly removeBarcodes?: readonly string[] | undefined
}

/** Writes a product's note, and adds barcodes to it or removes those that are seen here. */
export function noteProduct(
  node: StoreNode,
  acting: Acting,
  { productId, note, addBarcodes = [], removeBarcodes = [] }: NoteProduct,
): Promise<Outcome<Done, EditRefusal>> {
  return editRegister(node, acting, { kind: 'product', entityId: productId }, async (tx) => {
    const [held] = await tx`
      SELECT 1 AS one FROM product WHERE org_id = ${node.org} AND id = ${productId} AND NOT deleted
    `
    if (held === undefined) return undefined
    const where = { kind: 'product', entityId: productId, field: 'barcodes' }
    const tags = removeBarcodes.length === 0 ? new Map() : await findTags(tx, node.org, where)
    const remove = removeBarcodes.flatMap((value) => {
      const seen: readonly string[] = tags.get(value) ?? []
      return seen.length === 0 ? [] : [{ value, tags: seen }]
    })
    const change = {
      ...(addBarcodes.length === 0 ? {} : { add: addBarcodes }),
      ...(remove.length === 0 ? {} : { remove }),
    }
    return {
      fields: note === undefined ? {} : { note },
      ...(Object.keys(change).length === 0 ? {} : { sets: { barcodes: change } }),
    }
  })
}

/** Writes what this shop prints below its receipts. */
export function setReceiptFooter(
  node: StoreNode,
  acting: Acting,
  receiptFooter: string,
): Promise<Outcome<Done, EditRefusal>> {
  return editRegister(node, acting, { kind: 'shop', entityId: node.shopId }, async () => ({
    fields: { receiptFooter },
  }))
}

/** Writes how this shop rounds what is settled in cash. */
export function setCashRounding(
  node: StoreNode,
  acting: Acting,
  cashRounding: CashRounding,
): Promise<Outcome<Done, EditRefusal>> {
  return editRegister(node, acting, { kind: 'shop', entityId: node.shopId }, async () => ({
    fields: { cashRounding },
  }))
}

export type ShopCash = {
  readonly drawerLimitMinor?: Minor
  readonly toleranceMinor?: Minor
  readonly investigateMinor?: Minor
  readonly blindClose?: boolean
  readonly floatMinor?: Minor
  readonly expenseDayMinor?: Minor
}

/** Writes how this shop keeps its cash. What is left out stays as it is. */
export function setShopCash(
  node: StoreNode,
  acting: Acting,
  fields: ShopCash,
): Promise<Outcome<Done, EditRefusal>> {
  return editRegister(node, acting, { kind: 'shop', entityId: node.shopId }, async () => ({
    fields,
  }))
}

type Entity = { readonly kind: RegisterKind; readonly entityId: string }

async function editRegister(
  node: StoreNode,
  acting: Acting,
  { kind, entityId }: Entity,
  say: (tx: Tx) => Promise<Pick<RegisterEditBody, 'fields' | 'sets'> | undefined>,
): Promise<Outcome<Done, EditRefusal>> {
  const { org, shopId } = node
  return recordAct<EditRefusal>(node, acting, async (tx, occurredAt) => {
    const [said, shop] = [await say(tx), await findShop(tx, org, shopId)]
    if (said === undefined || shop === undefined) return refused({ code: 'not_found' })
    const rep = await findRep(tx, org, { kind, entityId })
    const body: RegisterEditBody = { entityId, ...said, ...(rep === 0 ? {} : { rep }) }
    return accepted({
      id: acting.id,
      type: `${kind}.changed`,
      v: registerEditVersion(kind, body),
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, shop.timeZone),
      keys: [`${kind}:${entityId}`],
      refs: [],
      body,
    } satisfies FactDraft)
  })
}

/** What `rep` an edit says: the highest that it sees, so it counts after a reseal, and raises nothing. */
export async function findRep(tx: Tx, org: string, { kind, entityId }: Entity): Promise<number> {
  const [row] = await tx<{ rep: number }[]>`
    SELECT coalesce(max(rep), 0) AS rep FROM register
    WHERE org_id = ${org} AND kind = ${kind} AND entity_id = ${entityId}
  `
  return row?.rep ?? 0
}
