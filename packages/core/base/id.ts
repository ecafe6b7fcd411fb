import { assert } from './assert.ts'

/** A UUID in lower case, version 7 when made by us (RFC 9562, section 5.7), branded by its noun. */
export type Id<Noun extends string> = string & { readonly __id: Noun }

export type OrgId = Id<'org'>
export type ShopId = Id<'shop'>
export type TillId = Id<'till'>
export type SessionId = Id<'session'>
export type SaleId = Id<'sale'>
export type ProductId = Id<'product'>
export type StaffId = Id<'staff'>
export type FactId = Id<'fact'>

export const uuidPattern =
  '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
const uuid = new RegExp(uuidPattern)

/** Whether `text` is a UUID in lower case with dashes: the only spelling that we take or write. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}

/**
 * Makes a UUIDv7 from the time in milliseconds and ten random bytes (RFC 9562, section 5.7). Time
 * and chance are passed in, so that a simulator can repeat them.
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  assert(Number.isInteger(nowMs) && nowMs >= 0 && nowMs < 2 ** 48, 'the time fits 48 bits')
  assert(random.length >= 10, 'an id is made of ten random bytes')
  const bytes = new Uint8Array(16)
  let ms = nowMs
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = ms % 256
    ms = Math.floor(ms / 256)
  }
  bytes.set(random.subarray(0, 10), 6)
  return formatUuid(bytes, 7)
}

/**
 * Makes a UUIDv8 (RFC 9562, section 5.8) out of the first 16 bytes of a hash: the same name gives
 * the same id, for ever. Used where an asker names its command by a text of its own.
 */
export function uuidFromHash(hash: Uint8Array): string {
  assert(hash.length >= 16, 'an id is made of 16 bytes of a hash')
  return formatUuid(Uint8Array.from(hash.subarray(0, 16)), 8)
}

function formatUuid(bytes: Uint8Array, version: number): string {
  const stamped = bytes.map((byte, index) => {
    if (index === 6) return (byte & 0x0f) | (version << 4)
    return index === 8 ? (byte & 0x3f) | 0x80 : byte
  })
  const hex = Array.from(stamped, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
