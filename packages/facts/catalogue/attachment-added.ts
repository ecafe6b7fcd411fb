import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { type ReadonlyStatic, Strict, Uuid } from './parts.ts'

/** A photo is scaled down where it is taken to at most so many bytes. */
export const attachmentBytesMax = 150_000
/** The same in base64. */
export const attachmentTextMax = Math.ceil(attachmentBytesMax / 3) * 4

export const AttachmentMime = Type.Union([
  Type.Literal('image/jpeg'),
  Type.Literal('image/webp'),
  Type.Literal('image/png'),
])

/** Base64 with its padding, at most `attachmentTextMax` long. */
export const AttachmentBytes = Type.String({
  minLength: 4,
  maxLength: attachmentTextMax,
  pattern: '^[A-Za-z0-9+/]*={0,2}$',
})

/**
 * A photo of a receipt or a count. The fact's id is the attachment's, which other facts name. It travels on the
 * lane `telemetry`, so that no photo stands before money.
 */
export const AttachmentAddedBody = Strict({
  shopId: Uuid<ShopId>(),
  staffId: Uuid<StaffId>(),
  mime: AttachmentMime,
  bytes: AttachmentBytes,
})

export type AttachmentMime = ReadonlyStatic<typeof AttachmentMime>
export type AttachmentAddedBody = ReadonlyStatic<typeof AttachmentAddedBody>
export type AttachmentAddedFact = Fact<'attachment.added', AttachmentAddedBody>
