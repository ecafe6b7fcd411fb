import type { ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { type ReadonlyStatic, Strict, Uuid } from './parts.ts'

/**
 * A device became a till of the shop, with a major epoch that is its alone. It is a fact so that a store
 * server that replaces a lost one knows its tills: they go on syncing, and nobody has to visit them.
 * Only the shop's own server says it; the fact's id is the device's.
 */
export const TillEnrolledBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  /** Of the till's author: one more than any before. */
  major: Type.Integer({ minimum: 1, maximum: 999_999_999 }),
  /** SHA-256 of the token that the device shows, in hexadecimal. The token has 256 random bits. */
  tokenHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** What the device signs its heads with: Ed25519, SPKI in DER, base64. Older browsers have none. */
  publicKey: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]{59}=$' })),
  /** Who let it in. */
  staffId: Uuid<StaffId>(),
})

export type TillEnrolledBody = ReadonlyStatic<typeof TillEnrolledBody>
export type TillEnrolledFact = Fact<'till.enrolled', TillEnrolledBody>
