import type { ShopId } from '@tillkeeper/core/base/id.ts'
import Type, { type TProperties } from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  BasisPoints,
  CountMinor,
  CurrencyCode,
  type ReadonlyStatic,
  Strict,
  Text,
  Uuid,
} from './parts.ts'

// Register edits: new values for some fields of an entity. Each field is one last-writer-wins register
// on the hybrid logical clock; fields that only make sense together are one field here.

const edit = <P extends TProperties>(fields: P) =>
  Strict({
    entityId: Uuid<string>(),
    /** Only the fields that change. `Partial` drops what its object refuses, so it is said again. */
    fields: Type.Partial(Strict(fields), { additionalProperties: false }),
  })

const permissionsMax = 200
const shopsMax = 1_000

export const OrgChangedBody = edit({ name: Text(100, 1) })

export const ShopChangedBody = edit({
  /** Short and unique in the chain, such as `S1`. */
  code: Text(10, 1),
  name: Text(100, 1),
  address: Text(200),
  taxNumber: Text(40),
  /** An IANA name, such as Asia/Bangkok. */
  timeZone: Text(60, 1),
  currency: CurrencyCode,
  receiptFooter: Text(200),
  active: Type.Boolean(),
})

export const TillChangedBody = edit({
  shopId: Uuid<ShopId>(),
  /** 1 to 99: it stands in every receipt number of the till. */
  number: Type.Integer({ minimum: 1, maximum: 99 }),
  name: Text(100, 1),
  active: Type.Boolean(),
})

export const ProductChangedBody = edit({
  code: Text(40, 1),
  name: Text(200, 1),
  category: Text(60),
  /** With tax, for one unit. */
  price: Strict({ currency: CurrencyCode, minor: CountMinor }),
  vatBasisPoints: BasisPoints,
  barcodes: Type.Array(Text(64, 1), { maxItems: 20 }),
  active: Type.Boolean(),
})

export const RoleChangedBody = edit({
  name: Text(60, 1),
  permissions: Type.Array(Text(60, 1), { maxItems: permissionsMax }),
})

export const EmployeeChangedBody = edit({
  name: Text(100, 1),
  /** What a person types before the PIN. Unique in the chain. */
  number: Text(12, 1),
  roles: Type.Array(Uuid<string>(), { maxItems: 20 }),
  shops: Type.Array(Uuid<ShopId>(), { maxItems: shopsMax }),
  language: Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')]),
  active: Type.Boolean(),
})

/**
 * How an employee proves who they are; the entity is the employee. It travels only in the scopes
 * `credentials:<shop>`, which stop at the store server: a till never holds a hash.
 */
export const CredentialChangedBody = edit({
  /** argon2id in PHC form, peppered. */
  pinHash: Text(200, 1),
  passwordHash: Text(200, 1),
  /** What a person types before the password. */
  login: Text(100, 1),
})

/** A key of another system. The secret is random, so a plain SHA-256 of it is kept (hex). */
export const ApiKeyChangedBody = edit({
  name: Text(100, 1),
  secretHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  permissions: Type.Array(Text(60, 1), { maxItems: permissionsMax }),
  shops: Type.Array(Uuid<ShopId>(), { maxItems: shopsMax }),
  active: Type.Boolean(),
})

export type RegisterEditBody = {
  readonly entityId: string
  readonly fields: Readonly<Record<string, unknown>>
}
export type OrgChangedFact = Fact<'org.changed', ReadonlyStatic<typeof OrgChangedBody>>
export type ShopChangedFact = Fact<'shop.changed', ReadonlyStatic<typeof ShopChangedBody>>
export type TillChangedFact = Fact<'till.changed', ReadonlyStatic<typeof TillChangedBody>>
export type ProductChangedFact = Fact<'product.changed', ReadonlyStatic<typeof ProductChangedBody>>
export type RoleChangedFact = Fact<'role.changed', ReadonlyStatic<typeof RoleChangedBody>>
export type EmployeeChangedFact = Fact<
  'employee.changed',
  ReadonlyStatic<typeof EmployeeChangedBody>
>
export type CredentialChangedFact = Fact<
  'credential.changed',
  ReadonlyStatic<typeof CredentialChangedBody>
>
export type ApiKeyChangedFact = Fact<'apikey.changed', ReadonlyStatic<typeof ApiKeyChangedBody>>
