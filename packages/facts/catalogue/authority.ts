import type { Static } from 'typebox'
import type { RegisterEditBody, RegisterKind, registerBodies } from './registers.ts'

// Who may write which field. Most fields have one hand that writes them: a conflict that cannot happen needs
// no rule, and nobody has to explain it. Where several may write, the later edit stays (core/merge).

/** The tiers of a chain: what a node is. */
export type Tier = 'cloud' | 'store' | 'till'

type FieldOf<Kind extends RegisterKind> = keyof Static<(typeof registerBodies)[Kind]>['fields']

const cloudAlone: readonly Tier[] = ['cloud']
const shopOrCloud: readonly Tier[] = ['cloud', 'store']
const anyNode: readonly Tier[] = ['cloud', 'store', 'till']

/** For each field of each kind the tiers that may write it. The compiler counts the fields. */
export const authority: {
  readonly [Kind in RegisterKind]: { readonly [Field in FieldOf<Kind>]-?: readonly Tier[] }
} = {
  org: { name: cloudAlone },
  shop: {
    code: cloudAlone,
    name: cloudAlone,
    address: cloudAlone,
    taxNumber: cloudAlone,
    timeZone: cloudAlone,
    currency: cloudAlone,
    /** A shop writes its own, and no other's. */
    receiptFooter: shopOrCloud,
    cashRounding: shopOrCloud,
    active: cloudAlone,
    // How a shop keeps its cash is the manager's to say, with or without the internet.
    drawerLimitMinor: shopOrCloud,
    toleranceMinor: shopOrCloud,
    investigateMinor: shopOrCloud,
    blindClose: shopOrCloud,
    floatMinor: shopOrCloud,
    expenseDayMinor: shopOrCloud,
  },
  till: { shopId: cloudAlone, number: cloudAlone, name: cloudAlone, active: cloudAlone },
  product: {
    code: cloudAlone,
    name: cloudAlone,
    category: cloudAlone,
    price: cloudAlone,
    vatBasisPoints: cloudAlone,
    barcodes: anyNode,
    active: cloudAlone,
    note: anyNode,
    deleted: cloudAlone,
  },
  role: { name: cloudAlone, permissions: cloudAlone, limits: cloudAlone },
  employee: {
    name: cloudAlone,
    number: cloudAlone,
    roles: cloudAlone,
    shops: cloudAlone,
    language: cloudAlone,
    active: cloudAlone,
    deleted: cloudAlone,
  },
  credential: {
    pinHash: cloudAlone,
    passwordHash: cloudAlone,
    login: cloudAlone,
    deleted: cloudAlone,
  },
  apikey: {
    name: cloudAlone,
    secretHash: cloudAlone,
    permissions: cloudAlone,
    shops: cloudAlone,
    active: cloudAlone,
    deleted: cloudAlone,
  },
  expensecategory: {
    name: cloudAlone,
    active: cloudAlone,
    needsReceipt: cloudAlone,
    limits: cloudAlone,
  },
  /** A shop sets rates of its own, and no other's. */
  rate: { terms: shopOrCloud },
  /** A shop says of its own machines, and of no other's. */
  recycler: { terms: shopOrCloud },
}

/** What an author is, by its name: `cloud`, `s-<shop>`, `t-<till>`; `undefined` for any other. */
export function tierOf(author: string): Tier | undefined {
  if (author === 'cloud') return 'cloud'
  if (author.startsWith('s-')) return 'store'
  return author.startsWith('t-') ? 'till' : undefined
}

/** Whether a node of the tier may write anything at all of a kind: if not, no edit of it is even taken. */
export function mayWriteSome(tier: Tier | undefined, kind: RegisterKind): boolean {
  if (tier === undefined) return false
  return Object.values<readonly Tier[]>(authority[kind]).some((tiers) => tiers.includes(tier))
}

/**
 * The first thing in an edit that its author may not say: a field's name, `origin`, `ended`, or `entityId` where a shop
 * writes of another shop. `undefined` if it may say all of it. `rep` is for who holds the register: nobody
 * but the cloud raises it.
 */
export function findForbidden(
  author: string,
  kind: RegisterKind,
  { entityId, fields, sets = {}, origin, ended }: RegisterEditBody,
): string | undefined {
  const tier = tierOf(author)
  if (tier === 'cloud') return undefined
  if (origin !== undefined) return 'origin'
  if (ended !== undefined) return 'ended'
  if (kind === 'shop' && author !== `s-${entityId}`) return 'entityId'
  const ofShop = kind === 'rate' || kind === 'recycler'
  if (ofShop && author !== `s-${(fields.terms as { shopId?: string }).shopId}`) return 'terms'
  const allowed: Readonly<Record<string, readonly Tier[]>> = authority[kind]
  return [...Object.keys(fields), ...Object.keys(sets)].find(
    (field) => tier === undefined || allowed[field]?.includes(tier) !== true,
  )
}
