import { amountMax, type Minor, minor } from '../money/money.ts'

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
  /** To take a sale back whole on its day; never one's own without another person's word. */
  'sale.void',
  /** To sell at another price than the catalogue's. */
  'sale.price',
  'till.open',
  'till.close',
  /** To end a forgotten session without a count. */
  'till.end',
  'till.read',
  /** To see what is expected in a drawer before its count is sealed. */
  'till.expected',
  'till.enrol',
  /** To explain and verify what others counted; never the own work. */
  'till.verify',
  /** To ask for cash for an expense, to give it out within the limits, and to settle it. */
  'expense.request',
  /** To allow an expense above the limits; never one's own. */
  'expense.approve',
  /** To pay in, pay out, drop and top up. Its limit is of a pay-out. */
  'cash.move',
  /** To give cash to another drawer, and to receive it. */
  'cash.transfer',
  /** To sign for what was dropped into the safe. */
  'cash.confirm',
  /** To let others do by one's PIN what one may do oneself. */
  'cash.approve',
  /** To open a drawer with nothing sold. */
  'drawer.open',
  /** To see what lies in the safe, in bags and in the hands of staff. */
  'safe.read',
  /** To count the safe, seal and verify bags, order change and match the bank's statement. */
  'safe.manage',
  /** To give staff their change and to take it back. */
  'fund.manage',
  /** To let a cash machine take and give money: a payment, a refund, a pay-out. */
  'recycler.use',
  /** To register a machine, fill and empty it, say how its work ended, mend and lock it. */
  'recycler.manage',
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
  'cash.transfer',
  'recycler.use',
  'staff.read',
  'sync.read',
]
const manager: readonly Permission[] = [
  ...cashier,
  'product.note',
  'shop.settings',
  'rate.manage',
  'sale.refund_unlinked',
  'sale.void',
  'sale.price',
  'cash.confirm',
  'cash.approve',
  'drawer.open',
  'till.expected',
  'till.end',
  'till.enrol',
  'till.verify',
  'expense.approve',
  'safe.read',
  'safe.manage',
  'fund.manage',
  'recycler.manage',
  'report.read',
  'sync.resolve',
]
const owner: readonly Permission[] = [...manager, 'chain.manage', 'node.enrol']

/** The roles that a new organisation starts with. From then on roles are data. */
export const defaultRoles: Readonly<
  Record<'cashier' | 'manager' | 'owner', readonly Permission[]>
> = { cashier, manager, owner }

/** Of a permission the largest amount that somebody may move without another person's approval. */
export type PermissionLimit = { readonly permission: string; readonly maxMinor: Minor }

/** A role, or a person with all of their roles: what it allows, and up to which amounts. */
export type Granted = {
  readonly permissions: readonly string[] | ReadonlySet<string>
  readonly limits: readonly PermissionLimit[]
}

/**
 * The limits that new roles start with, in a shop's currency as minor units: fit for baht. A manager has none.
 */
export const defaultLimits: Readonly<
  Record<keyof typeof defaultRoles, readonly PermissionLimit[]>
> = {
  cashier: [
    { permission: 'cash.move', maxMinor: minor(50_000) },
    { permission: 'sale.refund', maxMinor: minor(200_000) },
  ],
  manager: [],
  owner: [],
}

/**
 * The largest amount that roles together allow of something: 0 where none of them does, `amountMax` where one of
 * them sets no limit to it.
 */
export function limitOf(roles: readonly Granted[], permission: string): Minor {
  let most = 0
  for (const role of roles) {
    if (!grants(role, permission)) continue
    const limit = role.limits.find((each) => each.permission === permission)
    most = Math.max(most, limit?.maxMinor ?? amountMax)
  }
  return minor(most)
}

/** The limits of a person with several roles: of each permission the widest that one of them grants. */
export function mergeLimits(roles: readonly Granted[]): readonly PermissionLimit[] {
  const names = new Set(roles.flatMap(({ limits }) => limits.map(({ permission }) => permission)))
  return [...names]
    .filter((permission) => roles.some((role) => grants(role, permission)))
    .map((permission) => ({ permission, maxMinor: limitOf(roles, permission) }))
    .filter(({ maxMinor }) => maxMinor < amountMax)
}

function grants({ permissions: names }: Granted, permission: string): boolean {
  return 'has' in names ? names.has(permission) : names.includes(permission)
}
