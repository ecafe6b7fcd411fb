// The names of the places that hold cash, and of those outside the shop that it comes from and goes to:
// `<kind>:<shop>` or `<kind>:<shop>:<which>`; a drawer's second part is its till.

export const drawer = (tillId: string) => `drawer:${tillId}`
export const safe = (shopId: string) => `safe:${shopId}`
/** A deposit bag, from when it is sealed until the bank has it. */
export const bag = (shopId: string, bagId: string) => `bag:${shopId}:${bagId}`
/** On its way between two people who both sign: given, and not yet received. */
export const transit = (shopId: string, transferId: string) => `transit:${shopId}:${transferId}`
/** Expense cash in somebody's hands until it is settled. */
export const advance = (shopId: string, expenseId: string) => `advance:${shopId}:${expenseId}`
/** The change fund of a member of staff. */
export const fund = (shopId: string, staffId: string) => `fund:${shopId}:${staffId}`
/** The stock of a cash recycler that it gives change from. */
export const recycler = (shopId: string, recyclerId: string) => `recycler:${shopId}:${recyclerId}`
/** What a cash recycler holds and does not give again: a person with a key takes it out. */
export const cashBox = (shopId: string, recyclerId: string) => `cash_box:${shopId}:${recyclerId}`

export const customer = (shopId: string) => `customer:${shopId}`
export const supplier = (shopId: string) => `supplier:${shopId}`
export const bank = (shopId: string) => `bank:${shopId}`
export const overShort = (shopId: string) => `over_short:${shopId}`
/** Who owns the shop: cash that lay in a safe before it was first counted came from there. */
export const owner = (shopId: string) => `owner:${shopId}`
/** What a change of currency gives and takes: the other side of each leg, so that each adds up to zero. */
export const exchange = (shopId: string) => `exchange:${shopId}`

/** Where cash can be in the shop's care. What is not named here lies outside. */
export const insideKinds = [
  ...(['drawer', 'safe', 'bag', 'transit', 'advance', 'fund'] as const),
  ...(['recycler', 'cash_box'] as const),
] as const
export const outsideKinds = [
  'customer',
  'supplier',
  'bank',
  'over_short',
  'owner',
  'exchange',
] as const
export type LocationKind = (typeof insideKinds)[number] | (typeof outsideKinds)[number]

const inside: ReadonlySet<string> = new Set(insideKinds)

/** Whether a place is in the shop's care. */
export function isInside(location: string): boolean {
  return inside.has(location.slice(0, location.indexOf(':')))
}
