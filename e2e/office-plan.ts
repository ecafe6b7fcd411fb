import type { ChainPlan, PersonPlan, ShopPlan } from '@tillkeeper/chain/plan.ts'

// Two small shops with everybody that the office has to tell apart.

export const owner = { login: 'owner', password: 'owner-of-two' } as const
export const manager = { number: '10', pin: '101010' } as const
export const cashier = { number: '11', pin: '111111' } as const

const shop = (code: string, name: string, people: readonly PersonPlan[]): ShopPlan => ({
  code,
  name,
  address: '12 Phahonyothin Soi 7, Bangkok 10400',
  taxNumber: '0105569000001',
  timeZone: 'Asia/Bangkok',
  currency: 'THB',
  receiptFooter: 'ขอบคุณค่ะ',
  tills: ['Counter', 'Window'],
  people,
})

export const officePlan: ChainPlan = {
  name: 'Office story',
  shops: [
    shop('S1', 'Ari', [
      { name: 'Somchai', role: 'manager', language: 'en', ...manager },
      { name: 'Nok', role: 'cashier', language: 'th', ...cashier },
    ]),
    shop('S2', 'Thonglor', []),
  ],
  products: [
    {
      code: 'B1',
      name: 'Coffee',
      category: 'Drinks',
      priceMinor: 4_500,
      currency: 'THB',
      vatBasisPoints: 700,
      barcodes: ['8850000000011'],
    },
    {
      code: 'B2',
      name: 'ขนมปังน้ำผึ้ง',
      category: 'Bakery',
      priceMinor: 5_500,
      currency: 'THB',
      vatBasisPoints: 700,
      barcodes: [],
    },
  ],
  people: [{ name: 'Malee', number: '1', pin: '900000', role: 'owner', language: 'en', ...owner }],
  keyPermissions: [
    'product.read',
    'sale.create',
    'sale.read',
    'sale.refund',
    'till.open',
    'till.close',
    'till.read',
    'till.expected',
    'cash.move',
    'report.read',
    'staff.read',
    'sync.read',
  ],
}
