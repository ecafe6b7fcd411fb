import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'

export const currency = 'THB'
/** Closes of each kind that are measured, and one that is not, to warm up. */
export const closes = 16

export const cashier: PersonPlan = {
  ...{ name: 'Nok', number: '101', pin: '246801', role: 'cashier', language: 'th' },
}

/** One shop; each session that is closed has a till of its own, and the last till is the one that is rewound. */
export const plan: ChainPlan = {
  name: 'Bench',
  shops: [
    {
      ...{ code: 'S1', name: 'Shop 1', address: '', taxNumber: '', receiptFooter: '' },
      ...{ timeZone: 'Asia/Bangkok', currency },
      tills: Array.from({ length: 2 * (closes + 1) + 1 }, (_, index) => `Till ${index + 1}`),
      people: [cashier],
    },
  ],
  products: Array.from({ length: 200 }, (_, index) => ({
    code: `P${String(index + 1).padStart(5, '0')}`,
    name: `Product number ${index + 1}`,
    category: `Category ${index % 20}`,
    priceMinor: 1_000 + ((index * 7_919) % 761) * 25,
    currency,
    vatBasisPoints: index % 5 === 0 ? 0 : 700,
    barcodes: [String(8_850_000_000_000 + index)],
  })),
  people: [],
  keyPermissions: [
    ...(['product.read', 'till.read', 'till.close', 'till.expected'] as const),
    ...(['sync.read', 'report.read'] as const),
  ],
}
