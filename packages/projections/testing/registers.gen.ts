import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { defaultRoles } from '@tillkeeper/core/permission/permission.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { categories } from './expenses.gen.ts'
import { machineOf } from './recycler.gen.ts'
import type { Chain, Chance } from './trade.gen.ts'

const madeAtMs = Date.parse('2026-03-01T00:00:00.000Z')

/** Edits that make a chain's organisation, shops, tills, people and goods known, and change some again. */
export function generateRegisters(chance: Chance, chain: Chain): FactDraft[] {
  const edit = (kind: string, entityId: string, fields: object): FactDraft => ({
    id: uuidv7(madeAtMs, chance.bytes(10)),
    type: `${kind}.changed`,
    v: 1,
    scope: 'org',
    actor: 'node:cloud',
    occurredAt: new Date(madeAtMs).toISOString(),
    businessDate: '2026-03-01',
    keys: [`${kind}:${entityId}`],
    refs: [],
    body: { entityId, fields },
  })
  const roleId = uuidv7(madeAtMs, chance.bytes(10))
  const shops = chain.shops.map(({ id }) => id)
  return [
    edit('org', chain.org, { name: 'Bakery' }),
    edit('role', roleId, { name: 'manager', permissions: defaultRoles.manager }),
    ...chain.shops.flatMap(({ id, tills }, index) => [
      edit('shop', id, {
        code: `S${index + 1}`,
        name: `Shop ${index + 1}`,
        timeZone: 'Asia/Bangkok',
        currency: 'THB',
      }),
      ...tills.map((till, nth) =>
        edit('till', till, { shopId: id, number: nth + 1, name: `Till ${nth + 1}` }),
      ),
    ]),
    ...chain.staff.map((staff, index) =>
      edit('employee', staff, {
        name: ['Nok', 'Somchai', 'Ploy', 'Budi'][index] ?? `Person ${index + 1}`,
        number: String(101 + index),
        roles: [roleId],
        shops,
        language: 'th',
      }),
    ),
    ...chain.products.map(({ id, code, name, priceMinor, vatBasisPoints }) =>
      edit('product', id, {
        code,
        name,
        category: 'Bread',
        price: { currency: 'THB', minor: priceMinor },
        vatBasisPoints,
        barcodes: [`885${code.slice(1).padStart(10, '0')}`],
      }),
    ),
    ...['USD', 'EUR'].map((currency, index) =>
      edit('rate', uuidv7(madeAtMs, chance.bytes(10)), {
        terms: {
          ...{ currency, base: 'THB', rate: 3_425 + 300 * index, scale: 2, source: 'the board' },
          from: new Date(madeAtMs + index * 3_600_000).toISOString(),
        },
      }),
    ),
    ...chain.shops.map(({ id: shopId, tills }) =>
      edit('recycler', machineOf(shopId), {
        terms: {
          ...{ shopId, name: 'Counter', driver: 'glory', address: 'http://127.0.0.1:80' },
          ...{ currencies: ['THB'], tills, active: true },
        },
      }),
    ),
    edit('expensecategory', categories[0], {
      ...{ name: 'Ice', active: true, needsReceipt: true },
      limits: { currency: 'THB', actMinor: 20_000 },
    }),
    ...chain.products
      .filter(() => chance.pick(4) === 0)
      .map(({ id, priceMinor }) =>
        edit('product', id, { price: { currency: 'THB', minor: priceMinor + 100 } }),
      ),
  ]
}

/** Some of the edits once more, as others: new ids, and for a name another name. */
export function editAgain(chance: Chance, drafts: readonly FactDraft[]): FactDraft[] {
  return drafts
    .filter(() => chance.pick(3) === 0)
    .map((draft) => {
      const { entityId, fields } = draft.body as { entityId: string; fields: { name?: string } }
      const changed =
        'name' in fields ? { ...fields, name: `${fields.name} ${chance.pick(9)}` } : fields
      const id = uuidv7(madeAtMs, chance.bytes(10))
      return { ...draft, id, body: { entityId, fields: changed } }
    })
}
