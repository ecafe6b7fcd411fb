import type { ChainPlan, PersonPlan, ShopPlan } from '@tillkeeper/chain/plan.ts'
import { listBakeryProducts } from './bakery-products.ts'

// The chain that `npm start` shows: two bakery shops in Bangkok. Its PINs and passwords are printed,
// since nothing in it is real.

const footer = 'ขอบคุณค่ะ · Thank you'

const shop = (fields: Pick<ShopPlan, 'code' | 'name' | 'address' | 'people'>): ShopPlan => ({
  ...fields,
  taxNumber: '0105569000001',
  timeZone: 'Asia/Bangkok',
  currency: 'THB',
  receiptFooter: footer,
  tills: ['Counter', 'Window'],
})

const cashier = (name: string, number: string, pin: string): PersonPlan => ({
  name,
  number,
  pin,
  role: 'cashier',
  language: 'th',
})

export const demoPlan: ChainPlan = {
  name: 'Baan Bakery',
  shops: [
    shop({
      code: 'S1',
      name: 'Baan Bakery Ari',
      address: '12 Phahonyothin Soi 7, Phaya Thai, Bangkok 10400',
      people: [
        cashier('Nok', '11', '1111'),
        cashier('Ploy', '12', '1212'),
        {
          name: 'Somchai',
          number: '10',
          pin: '1010',
          role: 'manager',
          language: 'th',
          login: 'somchai',
          password: 'ari-manager',
        },
      ],
    }),
    shop({
      code: 'S2',
      name: 'Baan Bakery Thonglor',
      address: '55 Sukhumvit Soi 55, Watthana, Bangkok 10110',
      people: [
        cashier('Fern', '21', '2121'),
        cashier('Bank', '22', '2222'),
        {
          name: 'Kanya',
          number: '20',
          pin: '2020',
          role: 'manager',
          language: 'en',
          login: 'kanya',
          password: 'thonglor-manager',
        },
      ],
    }),
  ],
  products: listBakeryProducts(),
  people: [
    {
      name: 'Malee',
      number: '1',
      pin: '9000',
      role: 'owner',
      language: 'en',
      login: 'owner',
      password: 'bakery-owner',
    },
  ],
  keyPermissions: [
    'product.read',
    'sale.create',
    'sale.read',
    'sale.refund',
    // A replay of old trading data sells at its own prices, and takes back what it never sold.
    'sale.refund_unlinked',
    'sale.price',
    'till.open',
    'till.close',
    'till.read',
    'till.expected',
    'cash.move',
    // A kiosk has its customers pay at the machine.
    'recycler.use',
    'report.read',
    'staff.read',
    'sync.read',
  ],
}
