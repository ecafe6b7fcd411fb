// The names of the places that hold cash, and of those outside the shop that it comes from and goes to.

export const drawer = (tillId: string) => `drawer:${tillId}`
export const safe = (shopId: string) => `safe:${shopId}`
export const customer = (shopId: string) => `customer:${shopId}`
export const supplier = (shopId: string) => `supplier:${shopId}`
export const overShort = (shopId: string) => `over_short:${shopId}`
