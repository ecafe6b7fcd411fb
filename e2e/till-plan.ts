import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'

// A bakery that the stories of the till happen in: one shop, a till for each story, ten thousand
// products.

const person = (
  name: string,
  number: string,
  pin: string,
  role: PersonPlan['role'],
): PersonPlan => ({
  ...{ name, number, pin, role },
  language: 'en',
})

export const manager = person('Somchai', '10', '101010', 'manager')
export const cashier = person('Nok', '11', '1111', 'cashier')
export const owner = person('Malee', '1', '900000', 'owner')

const product = (
  code: string,
  name: string,
  category: string,
  priceMinor: number,
  barcode: string,
) => ({
  ...{ code, name, category, priceMinor },
  currency: 'THB',
  vatBasisPoints: 700,
  barcodes: [barcode],
})

export const coffee = product('COF', 'Iced coffee กาแฟเย็น', 'Drinks', 45_00, '8850000000017')
export const cake = product('CAK', 'Coconut cake เค้กมะพร้าว', 'Cakes', 95_00, '8850000000024')
export const bread = product('BRD', 'Sourdough ขนมปังเปรี้ยว', 'Bread', 120_50, '8850000000031')

/** As many as a till must be quick with. */
export const productCount = 10_000
const shelf = Array.from({ length: productCount - 3 }, (_, index) => {
  const number = String(index).padStart(5, '0')
  return product(`P${number}`, `Shelf ware ${number}`, 'Shelf', 10_00, `99${number}00000`)
})

const bakery = (tills: readonly string[], products: ChainPlan['products']): ChainPlan => ({
  name: 'Till stories',
  shops: [
    {
      code: 'T1',
      name: 'Corner Bakery ร้านหัวมุม',
      address: '1 Soi Aree, Bangkok 10400',
      taxNumber: '0105569000009',
      timeZone: 'Asia/Bangkok',
      currency: 'THB',
      receiptFooter: 'ขอบคุณค่ะ',
      tills,
      people: [manager, cashier],
    },
  ],
  products,
  people: [owner],
  keyPermissions: [
    'sale.read',
    'till.read',
    'till.expected',
    'sync.read',
    'product.read',
    'sale.create',
  ],
})

export const plan = bakery(['Day', 'Keyboard', 'Look'], [coffee, cake, bread, ...shelf])

/** The same bakery with its three products, for stories of what is lost. */
/** And for stories of tills that are not what they were. */
export const copiesPlan = bakery(
  ['Twice', 'Moved', 'Evicted', 'Clock', 'Full', 'Burnt'],
  [coffee, cake, bread],
)

export const smallPlan = bakery(['Lost', 'Copied', 'Refused'], [coffee, cake, bread])
