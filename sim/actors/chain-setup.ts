import { defaultRoles } from '@tillkeeper/core/permission/permission.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { idOf } from './names.ts'

// What an owner sets up before a chain opens: shops, tills, people and goods, as edits in the feed.

export const timeZone = 'Asia/Bangkok'
export const currency = 'THB'

const goods: readonly (readonly [name: string, price: number, rate: number])[] = [
  ['กาแฟเย็น', 4_500, 700],
  ['Croissant', 5_500, 700],
  ['ข้าวเหนียวมะม่วง', 12_000, 700],
  ['Rye loaf', 18_925, 700],
  ['Book', 29_900, 0],
  ['Leaflet', 0, 0],
]
export const productIds = goods.map((_, index) => idOf(`product ${index}`))

/** One edit of the chain's settings, to be sealed in a feed. */
export function editOf(
  type: Extract<FactType, `${string}.changed`>,
  {
    id,
    entityId,
    fields,
    nowIso,
  }: {
    readonly id: string
    readonly entityId: string
    readonly fields: Readonly<Record<string, unknown>>
    readonly nowIso: string
  },
): FactDraft {
  return {
    id,
    type,
    v: catalogue[type].v,
    scope: 'org',
    actor: 'node:cloud',
    occurredAt: nowIso,
    businessDate: nowIso.slice(0, 10),
    keys: [],
    refs: [],
    body: { entityId, fields },
  }
}

export type ShopPlan = {
  readonly shopId: string
  readonly number: number
  readonly staffId: string
  readonly tillIds: readonly string[]
}

/** A chain on paper: so many shops with so many tills each. */
export function planShops(shops: number, tills: number): readonly ShopPlan[] {
  return Array.from({ length: shops }, (_, index) => ({
    shopId: idOf(`shop ${index}`),
    number: index + 1,
    staffId: idOf(`staff ${index}`),
    tillIds: Array.from({ length: tills }, (__, till) => idOf(`till ${index} ${till}`)),
  }))
}

/** The first edits of the feed `org`. */
export function setUpChain(org: string, shops: readonly ShopPlan[], nowIso: string): FactDraft[] {
  const role = idOf('role cashier')
  const edit = (
    type: Parameters<typeof editOf>[0],
    entityId: string,
    fields: Readonly<Record<string, unknown>>,
  ) => editOf(type, { id: idOf(`first ${type} ${entityId}`), entityId, fields, nowIso })
  return [
    edit('org.changed', org, { name: 'Chain' }),
    edit('role.changed', role, { name: 'cashier', permissions: [...defaultRoles.cashier] }),
    ...goods.map(([name, price, vatBasisPoints], index) =>
      edit('product.changed', productIds[index] ?? '', {
        ...{
          code: `P${index + 1}`,
          name,
          category: '',
          vatBasisPoints,
          barcodes: [],
          active: true,
        },
        price: { currency, minor: price },
      }),
    ),
    ...shops.flatMap(({ shopId, number, staffId, tillIds }) => [
      edit('shop.changed', shopId, {
        ...{ code: `S${number}`, name: `Shop ${number}`, address: '', taxNumber: '' },
        ...{ timeZone, currency, receiptFooter: '', active: true },
      }),
      edit('employee.changed', staffId, {
        ...{ name: `Cashier ${number}`, number: `${100 + number}`, roles: [role] },
        ...{ shops: [shopId], language: 'th', active: true },
      }),
      ...tillIds.map((tillId, index) =>
        edit('till.changed', tillId, {
          shopId,
          number: index + 1,
          name: `Till ${index + 1}`,
          active: true,
        }),
      ),
    ]),
  ]
}
