import type { ProductPlan } from '@tillkeeper/chain/plan.ts'

// What the demo's bakery sells: the items of a real bakery's till (its 94 names), with prices of a
// Bangkok bakery. Prices are with tax, in baht; the smallest coin is 25 satang.

type Category = 'Bread' | 'Coffee' | 'Tea & drinks' | 'Cakes' | 'Savoury' | 'Other'

/** Name and price in whole baht, by category. */
const items: Readonly<Record<Category, readonly (readonly [name: string, baht: number])[]>> = {
  Bread: [
    ['Bread', 65],
    ['Baguette', 59],
    ['Farm House', 95],
    ['Focaccia', 89],
    ['Scandinavian', 79],
    ['Tartine', 110],
    ['Toast', 45],
    ['Bread Pudding', 75],
    ['Brioche and salami', 129],
    ['Medialuna', 39],
    ['Pastry', 55],
    ['Scone', 49],
  ],
  Coffee: [
    ['Coffee', 65],
    ['Coffee granules', 220],
    ['Gingerbread syrup', 25],
  ],
  'Tea & drinks': [
    ['Tea', 50],
    ['Hot chocolate', 75],
    ['Drinking chocolate spoons', 85],
    ['Juice', 60],
    ['Smoothies', 95],
    ['Coke', 30],
    ['Mineral water', 20],
    ['My-5 Fruit Shoot', 45],
  ],
  Cakes: [
    ['Cake', 95],
    ['Brownie', 69],
    ['Muffin', 59],
    ['Cookies', 35],
    ['Alfajores', 49],
    ['Fudge', 55],
    ['Truffles', 45],
    ['Tiffin', 65],
    ['Bakewell', 79],
    ['Jammie Dodgers', 49],
    ['Victorian Sponge', 110],
    ['Panatone', 290],
    ['Vegan mincepie', 69],
    ['Caramel bites', 45],
    ['Crepes', 89],
    ['Dulce de Leche', 159],
    ['Half slice Monster', 55],
    ['Kids biscuit', 25],
    ['Lemon and coconut', 85],
    ['Raspberry shortbread sandwich', 75],
    ['Cherry me Dried fruit', 79],
    ['Chocolates', 120],
    ['Bowl Nic Pitt', 149],
    ['Hack the stack', 139],
    ['Siblings', 99],
    ['The BART', 89],
    ['Raw bars', 79],
  ],
  Savoury: [
    ['Sandwich', 119],
    ['Chicken sand', 129],
    ['Chicken Stew', 189],
    ['Soup', 99],
    ['Salad', 139],
    ['Frittata', 149],
    ['Spanish Brunch', 219],
    ['Hearty & Seasonal', 179],
    ['Keeping It Local', 159],
    ['The Nomad', 189],
    ['Empanadas', 69],
    ['Tacos/Fajita', 149],
    ['Pintxos', 89],
    ['Polenta', 109],
    ['Olum & polenta', 139],
    ['Bacon', 59],
    ['Eggs', 40],
    ['Duck egg', 25],
    ['Extra Salami or Feta', 35],
    ['Vegan Feast', 199],
    ['Mighty Protein', 169],
    ['Afternoon with the baker', 890],
    ['Argentina Night', 790],
    ['Granola', 129],
    ['Muesli', 119],
    ['Crisps', 35],
    ['Bare Popcorn', 49],
    ["Ella's Kitchen Pouches", 65],
    ['Pick and Mix Bowls', 99],
    ['Mortimer', 149],
  ],
  Other: [
    ['Jam', 145],
    ['Honey', 195],
    ['Spread', 155],
    ['Chimichurri Oil', 210],
    ['Art Tray', 250],
    ['Basket', 320],
    ['Nomad bag', 290],
    ['Tshirt', 390],
    ['Postcard', 20],
    ["Valentine's card", 60],
    ['Christmas common', 45],
    ['Fairy Doors', 350],
    ['Gift voucher', 500],
    ['Adjustment', 1],
  ],
}

const prefixes: Readonly<Record<Category, string>> = {
  Bread: 'BR',
  Coffee: 'CO',
  'Tea & drinks': 'DR',
  Cakes: 'CA',
  Savoury: 'SA',
  Other: 'OT',
}
/** Thailand's VAT, in hundredths of a per cent. */
const vatBasisPoints = 700
const satangPerBaht = 100

/** The whole catalogue, each item with a code and a barcode that scans. */
export function listBakeryProducts(): ProductPlan[] {
  let position = 0
  return Object.entries(items).flatMap(([category, ofCategory]) =>
    ofCategory.map(([name, baht], index) => {
      position += 1
      return {
        code: `${prefixes[category as Category]}${String(index + 1).padStart(2, '0')}`,
        name,
        category,
        priceMinor: baht * satangPerBaht,
        currency: 'THB',
        vatBasisPoints,
        barcodes: [storeBarcode(position)],
      }
    }),
  )
}

/** An EAN-13 from the range that GS1 leaves to shops for their own goods (prefix 20). */
export function storeBarcode(position: number): string {
  const digits = `20${String(position).padStart(10, '0')}`
  const sum = [...digits].reduce(
    (all, digit, index) => all + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  )
  return `${digits}${(10 - (sum % 10)) % 10}`
}
