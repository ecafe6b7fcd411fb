import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { uuidPattern } from '@tillkeeper/core/base/id.ts'
import { Instant, Strict, Text, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import {
  ApiKeyChangedBody,
  EmployeeChangedBody,
  OrgChangedBody,
  ProductChangedBody,
  RoleChangedBody,
  ShopChangedBody,
  TillChangedBody,
} from '@tillkeeper/facts/catalogue/registers.ts'
import Type, { type Static, type TProperties } from 'typebox'

// How a chain is set up, in the cloud alone. Each request is an upsert: ids are made by who asks, fields
// that are left out stay as they are, and asking twice changes nothing the second time.

/** As many products are taken at once. */
export const productsMax = 1_000
/** A password in the office. */
const passwordLengthMin = 8
const passwordLengthMax = 200

/** Only the operator, who belongs to no organisation, says which one is meant. */
const whose = { orgId: Type.Optional(Uuid<string>()) }

const upsert = <P extends TProperties>(fields: P) =>
  Strict({ ...whose, id: Uuid<string>(), ...fields })

export const PutOrg = Strict({
  id: Uuid<string>(),
  ...OrgChangedBody.properties.fields.properties,
})
export const PutShop = upsert(ShopChangedBody.properties.fields.properties)
export const PutTill = upsert(TillChangedBody.properties.fields.properties)
// Deleting is a route of its own: an upsert that says `deleted` would say two things.
const { deleted: _p, ...productFields } = ProductChangedBody.properties.fields.properties
const { deleted: _e, ...employeeFields } = EmployeeChangedBody.properties.fields.properties
export const PutProducts = Type.Array(upsert(productFields), {
  minItems: 1,
  maxItems: productsMax,
})
export const PutRole = upsert(RoleChangedBody.properties.fields.properties)
export const PutEmployee = upsert({
  ...employeeFields,
  /** For the till. Sent again, the same PIN changes nothing. */
  pin: Type.Optional(Type.String({ pattern: '^[0-9]{4,12}$' })),
  /** For the office. Unique among all who use this cloud. */
  login: Type.Optional(Text(100, 3)),
  password: Type.Optional(
    Type.String({ minLength: passwordLengthMin, maxLength: passwordLengthMax }),
  ),
})
const {
  secretHash: _s,
  deleted: _k,
  ...apiKeyFields
} = ApiKeyChangedBody.properties.fields.properties
export const PutApiKey = upsert(apiKeyFields)
export const AskEnrolmentCode = Strict(whose)
/** Something is not there any more; what is said of it later makes it again. */
export const Delete = Strict(whose)
/** Takes fields back from a clock that was wrong: these values count, whatever was said before. */
export const Reseal = Strict({
  ...whose,
  kind: Type.Union([
    Type.Literal('shop'),
    Type.Literal('till'),
    Type.Literal('product'),
    Type.Literal('role'),
    Type.Literal('employee'),
  ]),
  id: Uuid<string>(),
  /** Values as an upsert of that kind takes them; at least one. */
  fields: Type.Object({}, { additionalProperties: true, minProperties: 1 }),
})
/** Takes one enrolment of a shop back: that of the major epoch. */
export const RevokeNode = Strict({
  ...whose,
  shopId: Uuid<ShopId>(),
  major: Type.Integer({ minimum: 1, maximum: 999_999_999 }),
})

/** What an upsert led to. */
export const Changed = Type.Object({
  id: Uuid<string>(),
  /** Whether anything is different now. */
  changed: Type.Boolean(),
})
export const ChangedList = Type.Object({ items: Type.Array(Changed) })
/** `secret` is shown once: when the key is made. */
export const ApiKeyMade = Type.Object({
  id: Uuid<string>(),
  changed: Type.Boolean(),
  secret: Type.Union([Type.String(), Type.Null()]),
})
export const EnrolmentCode = Type.Object({
  /** Good for one store server, once. */
  code: Type.String(),
  expiresAt: Instant,
})

/** An Ed25519 public key: SPKI in DER, base64. */
const PublicKey = Type.String({ pattern: '^[A-Za-z0-9+/]{40,100}={0,2}$' })

export const Enrol = Strict({
  code: Type.String({ minLength: 1, maxLength: 40 }),
  publicKey: PublicKey,
})
export const Enrolled = Type.Object({
  org: Uuid<string>(),
  shopId: Uuid<string>(),
  /** The name that the node seals under. */
  author: Type.String(),
  /** `major.minor`: the major is granted here and never again. */
  epoch: Type.String(),
  /** The organisation's pepper, base64: PINs are compared with it. */
  pepper: Type.String(),
  cloudPublicKey: PublicKey,
})

export const AskNodeToken = Strict({
  org: Type.String({ pattern: uuidPattern }),
  shopId: Type.String({ pattern: uuidPattern }),
  major: Type.Integer({ minimum: 1, maximum: 999_999_999 }),
  time: Instant,
  nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
  /** Ed25519 over `nodeProof`, base64. */
  signature: Type.String({ pattern: '^[A-Za-z0-9+/]{80,90}={0,2}$' }),
})
export const NodeToken = Type.Object({
  token: Type.String(),
  /** Seconds. */
  expiresIn: Type.Integer(),
})

export type Enrolled = Static<typeof Enrolled>
export type AskNodeToken = Static<typeof AskNodeToken>

/** What a node signs to get a token: who it is, when, and a word that is used once. */
export function nodeProof(ask: Omit<AskNodeToken, 'signature'>): string {
  const { org, shopId, major, time, nonce } = ask
  return ['tillkeeper node token', org, shopId, String(major), time, nonce].join('\n')
}
