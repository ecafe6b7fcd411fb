// The bakery's file has no prices. Its twelve best-selling items get the price of a bakery in a
// provincial town; the rest a price between 25 and 120 baht that depends on the name alone.

const known: Readonly<Record<string, number>> = {
  Coffee: 45_00,
  Bread: 55_00,
  Tea: 35_00,
  Cake: 75_00,
  Pastry: 48_00,
  Sandwich: 85_00,
  Medialuna: 32_00,
  'Hot chocolate': 60_00,
  Cookies: 29_50,
  Brownie: 65_25,
  'Farm House': 99_75,
  Muffin: 42_00,
  NONE: 0,
}

/** An item's price with tax, in satang: whole quarters of a baht, since 25 satang is the smallest coin. */
export function priceOf(item: string): number {
  const price = known[item]
  if (price !== undefined) return price
  let sum = 0
  for (const character of item) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973
  return 25_00 + (sum % 381) * 25
}
