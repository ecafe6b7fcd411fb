import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'

export const currency = 'THB'
export const manager: PersonPlan = {
  ...{ name: 'Somchai', number: '10', pin: '101010', role: 'manager', language: 'en' },
  ...{ login: 'somchai', password: 'bench-manager' },
}
export const cashier: PersonPlan = {
  ...{ name: 'Nok', number: '11', pin: '246801', role: 'cashier', language: 'en' },
}
/** It costs so much that no row of coins pays it. */
export const barcode = '8850000000017'

export const plan: ChainPlan = {
  name: 'Bench machines',
  shops: [
    {
      ...{ code: 'S1', name: 'Shop 1', address: '', taxNumber: '', receiptFooter: '' },
      ...{ timeZone: 'Asia/Bangkok', currency },
      tills: ['Counter'],
      people: [cashier, manager],
    },
  ],
  products: [
    {
      ...{ code: 'P1', name: 'Wedding cake', category: 'Cakes', priceMinor: 2_000_000, currency },
      ...{ vatBasisPoints: 700, barcodes: [barcode] },
    },
  ],
  people: [],
  keyPermissions: ['till.read', 'sync.read'],
}
