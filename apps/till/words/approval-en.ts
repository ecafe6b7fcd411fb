// The words for approvals, voids, copies and photos at the till.
export const approvalEn = {
  'cart.price': 'Price',
  'cart.priceOf': 'Another price for {name}',
  'cart.priceList': 'Catalogue',
  'cart.priceNone': 'Catalogue price',
  'approval.price': 'Sell at another price: {amount} away from the catalogue’s',
  'approval.refund': 'Pay back {amount}',
  'refusal.not_in_drawer_face': 'The drawer does not hold so many {face}.',
} as const
