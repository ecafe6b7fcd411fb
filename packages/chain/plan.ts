import { createHash } from 'node:crypto'
import { uuidFromHash } from '@tillkeeper/core/base/id.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'

// What a chain consists of, as somebody would describe it: names, no ids. Ids follow from the names,
// so that the same plan always means the same chain.

export type PersonPlan = {
  readonly name: string
  /** What they type before the PIN. Unique in the chain. */
  readonly number: string
  readonly pin: string
  readonly role: 'cashier' | 'manager' | 'owner'
  readonly language: 'en' | 'th' | 'id'
  /** For the office. */
  readonly login?: string
  readonly password?: string
}

export type ShopPlan = {
  /** Short and unique in the chain, such as `S1`. */
  readonly code: string
  readonly name: string
  readonly address: string
  readonly taxNumber: string
  /** An IANA name. */
  readonly timeZone: string
  readonly currency: string
  readonly receiptFooter: string
  /** One name for each till; their numbers are 1, 2 … in this order. */
  readonly tills: readonly string[]
  readonly people: readonly PersonPlan[]
}

export type ProductPlan = {
  readonly code: string
  readonly name: string
  readonly category: string
  /** With tax, for one unit. */
  readonly priceMinor: number
  readonly currency: string
  readonly vatBasisPoints: number
  readonly barcodes: readonly string[]
}

export type ChainPlan = {
  readonly name: string
  readonly shops: readonly ShopPlan[]
  readonly products: readonly ProductPlan[]
  /** Who works in every shop. */
  readonly people: readonly PersonPlan[]
  /** What the integrator's key may do; it is good for every shop. */
  readonly keyPermissions: readonly Permission[]
}

/** The id that something of the chain `chain` has for ever: asked again, it is the same. */
export function planId(
  chain: string,
  noun: string,
  ...names: readonly (string | number)[]
): string {
  const text = JSON.stringify([chain, noun, ...names])
  return uuidFromHash(createHash('sha256').update(text).digest())
}
