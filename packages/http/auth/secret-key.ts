import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { MigrationSet } from '@tillkeeper/projections/db.ts'

// Keys that a person copies and a machine keeps: `tk_<kind>_<8 id characters>_<32 random>_<check>`. The
// prefix lets scanners of leaked secrets find one, and the check tells a typing mistake, or a text that
// is no key at all, from a key without asking the database.

/** `live`: another system's. `till`: an enrolled till's. `admin`: the operator's of a cloud. */
export type SecretKind = 'live' | 'till' | 'admin'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 190 bits: a plain hash of it cannot be guessed, so a slow one would gain nothing. */
const randomLength = 32
const checkLength = 6
const pattern = /^tk_(live|till|admin)_([0-9a-z]{8})_[0-9A-Za-z]{32}_([0-9A-Za-z]{6})$/

/** Makes a new key. Its last id digits are in it, so that people can tell two keys apart. */
export function makeSecretKey(kind: SecretKind, id: string): string {
  const random = Array.from({ length: randomLength }, () => base62[randomInt(base62.length)])
  const tail = id.replaceAll('-', '').slice(-8).padStart(8, '0')
  const key = `tk_${kind}_${tail}_${random.join('')}`
  return `${key}_${check(key)}`
}

/** The kind of a key that is well-formed and has not been mistyped. */
export function secretKindOf(text: string): SecretKind | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, kind, , sum] = match
  return check(text.slice(0, -checkLength - 1)) === sum ? (kind as SecretKind) : undefined
}

/** What is kept of a key: SHA-256, in hexadecimal. */
export function hashSecretKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function check(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let at = 0; at < checkLength; at += 1) {
    digits = `${base62[rest % base62.length]}${digits}`
    rest = Math.floor(rest / base62.length)
  }
  return digits
}

/** The tables of logins, which belong to a server and not to its facts. */
export const loginMigrations: MigrationSet = {
  folder: new URL('../migrations/', import.meta.url),
  versionTable: 'login_schema_version',
}
