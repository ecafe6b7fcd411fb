/** What a person or a key may be allowed to do. Deny by default: what is not granted is refused. */
export const permissions = [
  'product.read',
  /** To write a product's note, and to add and remove its barcodes. */
  'product.note',
  'sale.create',
  'sale.read',
  'sale.refund',
  /** A refund without the sale's receipt. */
  'sale.refund_unlinked',
  /** To sell at another price than the catalogue's. */
  'sale.price',
  'till.open',
  'till.close',
  'till.read',
  /** To see what is expected in a drawer before its count is sealed. */
  'till.expected',
  'till.enrol',
  /** To explain and verify what others counted; never the own work. */
  'till.verify',
  'cash.move',
  /** To ask for cash for an expense, to give it out within the limits, and to settle it. */
  'expense.request',
  /** To allow an expense above the limits; never one's own. */
  'expense.approve',
  'report.read',
  'sync.read',
  /** To try parked facts again, to settle one by hand, to close an incident. */
  'sync.resolve',
  'staff.read',
  /** To say what currencies are worth. */
  'rate.manage',
  /** To write what a shop says on its receipts. */
  'shop.settings',
  'chain.manage',
  'node.enrol',
] as const

export type Permission = (typeof permissions)[number]

const known: ReadonlySet<string> = new Set(permissions)

/** Whether `name` is a permission of this version. A role may hold names of a newer one. */
export function isPermission(name: string): name is Permission {
  return known.has(name)
}

const cashier: readonly Permission[] = [
  'product.read',
  'sale.create',
  'sale.read',
  'sale.refund',
  'till.open',
  'till.close',
  'till.read',
  'cash.move',
  'expense.request',
  'staff.read',
  'sync.read',
]
const manager: readonly Permission[] = [
  ...cashier,
  'product.note',
  'shop.settings',
  'rate.manage',
  'sale.refund_unlinked',
  'till.expected',
  'till.enrol',
  'till.verify',
  'expense.approve',
  'report.read',
  'sync.resolve',
]
const owner: readonly Permission[] = [...manager, 'chain.manage', 'node.enrol', 'sale.price']

/** The roles that a new organisation starts with. From then on roles are data. */
export const defaultRoles: Readonly<
  Record<'cashier' | 'manager' | 'owner', readonly Permission[]>
> = { cashier, manager, owner }
