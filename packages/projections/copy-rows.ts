import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Tx } from './db.ts'

// Rows written by COPY in its binary format: PostgreSQL has no text to parse and no statement to plan for
// each, and writes them to its pages together. For hundreds of rows and more; a few go faster as one
// INSERT, which needs one trip where this takes two.

/** From so many rows on a COPY pays for its second trip. */
export const copyRowsMin = 200

export type CopyType =
  | 'uuid'
  | 'text'
  | 'int4'
  | 'int8'
  | 'bytea'
  | 'jsonb'
  /** `YYYY-MM-DD`. */
  | 'date'
  /** ISO 8601 in UTC. */
  | 'timestamptz'

/** Columns in their order, each with its type. */
export type CopyColumns = Readonly<Record<string, CopyType>>
/** A row: by column, what the type takes; what is left out, or `null`, is NULL. */
export type CopyRow<Columns extends CopyColumns> = { readonly [C in keyof Columns]?: unknown }

/**
 * Appends rows to a table, in the caller's transaction. Unlike an INSERT it knows no ON CONFLICT: a row
 * that is there already fails it with the database's own error, and the transaction with it. What a row
 * leaves out it has from `common`.
 */
export async function copyRows<Columns extends CopyColumns>(
  tx: Tx,
  table: string,
  columns: Columns,
  rows: Iterable<CopyRow<Columns>>,
  common: CopyRow<Columns> = {},
): Promise<void> {
  const names = Object.keys(columns)
  const copy = await tx
    .unsafe(`COPY ${table} (${names.join(', ')}) FROM STDIN (FORMAT binary)`)
    .writable()
  await pipeline(Readable.from(encodeRows(columns, rows, common)), copy)
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Flags and the length of an extension: none of either. */
const headerRest = 8
const endOfRows = -1
/** Piece by piece, so that PostgreSQL writes the first rows while we make the next. */
const pieceBytes = 65_536
/** What goes beyond a piece: most rows, so that it seldom grows. */
const pieceRest = 8_192
/** More than any value but a text or bytes takes, with its length before it. */
const fieldBytesMax = 32

/** The rows as one COPY in binary format, in pieces; what a row leaves out it has from `common`. */
export function* encodeRows<Columns extends CopyColumns>(
  columns: Columns,
  rows: Iterable<CopyRow<Columns>>,
  common: CopyRow<Columns> = {},
): Generator<Buffer> {
  const fields = Object.entries(columns).map(
    ([name, type]) => [name, writers[type], common[name]] as const,
  )
  const out = { bytes: Buffer.allocUnsafe(pieceBytes + pieceRest), at: 0 }
  signature.copy(out.bytes)
  out.at = signature.length
  out.bytes.fill(0, out.at, out.at + headerRest)
  out.at += headerRest
  for (const row of rows) {
    reserve(out, fieldBytesMax)
    out.at = out.bytes.writeInt16BE(fields.length, out.at)
    for (const [name, write, otherwise] of fields) {
      const value = row[name] ?? otherwise
      reserve(out, fieldBytesMax)
      if (value === undefined || value === null) out.at = out.bytes.writeInt32BE(-1, out.at)
      else write(out, value)
    }
    if (out.at < pieceBytes) continue
    yield out.bytes.subarray(0, out.at)
    out.bytes = Buffer.allocUnsafe(pieceBytes + pieceRest)
    out.at = 0
  }
  reserve(out, fieldBytesMax)
  out.at = out.bytes.writeInt16BE(endOfRows, out.at)
  yield out.bytes.subarray(0, out.at)
}

type Out = { bytes: Buffer; at: number }

function reserve(out: Out, more: number): void {
  const needed = out.at + more
  if (needed <= out.bytes.length) return
  const larger = Buffer.allocUnsafe(Math.max(needed, 2 * out.bytes.length))
  out.bytes.copy(larger, 0, 0, out.at)
  out.bytes = larger
}

const pgEpochMs = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000
const two32 = 4_294_967_296
/** A sign of UTF-16 is three bytes of UTF-8 at most. */
const utf8BytesMax = 3

type Write = (out: Out, value: unknown) => void

const writers: Readonly<Record<CopyType, Write>> = {
  uuid: (out, value) => writeUuid(out, value as string),
  text: (out, value) => writeText(out, value as string, 0),
  jsonb: (out, value) => {
    // A version, which is 1, stands before the text.
    writeText(out, JSON.stringify(value), 1)
  },
  int4: (out, value) => {
    out.at = out.bytes.writeInt32BE(4, out.at)
    out.at = out.bytes.writeInt32BE(value as number, out.at)
  },
  int8: (out, value) => writeInt8(out, value as number),
  bytea: (out, value) => {
    const bytes = value as Uint8Array
    reserve(out, 4 + bytes.length + fieldBytesMax)
    out.at = out.bytes.writeInt32BE(bytes.length, out.at)
    out.bytes.set(bytes, out.at)
    out.at += bytes.length
  },
  date: (out, value) => {
    const days = (Date.parse(value as string) - pgEpochMs) / dayMs
    assert(Number.isInteger(days), 'a day is a day')
    out.at = out.bytes.writeInt32BE(4, out.at)
    out.at = out.bytes.writeInt32BE(days, out.at)
  },
  timestamptz: (out, value) => {
    const ms = Date.parse(value as string) - pgEpochMs
    // Microseconds, which from the year 2285 on are more than a number holds exactly.
    if (Number.isSafeInteger(ms * 1_000)) return writeInt8(out, ms * 1_000)
    out.at = out.bytes.writeInt32BE(8, out.at)
    out.at = out.bytes.writeBigInt64BE(BigInt(ms) * 1_000n, out.at)
  },
}

function writeText(out: Out, text: string, prefix: 0 | 1): void {
  reserve(out, 4 + prefix + utf8BytesMax * text.length + fieldBytesMax)
  const start = out.at + 4
  if (prefix === 1) out.bytes[start] = 1
  const length = prefix + out.bytes.write(text, start + prefix, 'utf8')
  out.bytes.writeInt32BE(length, out.at)
  out.at = start + length
}

const dash = 0x2d
/** By the code of a sign, the digit that it is in base 16; of all others −1. */
const hexDigits = Int8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code)
  return /[0-9a-fA-F]/.test(sign) ? Number.parseInt(sign, 16) : -1
})
const hexDigit = (text: string, index: number): number => hexDigits[text.charCodeAt(index)] ?? -1

// Some twenty of them are written for each sale. Buffer would do it by a call out of the engine, after the
// dashes were taken out, which takes several times as long.
function writeUuid(out: Out, text: string): void {
  out.at = out.bytes.writeInt32BE(16, out.at)
  let index = 0
  for (const end = out.at + 16; out.at < end; out.at += 1) {
    if (text.charCodeAt(index) === dash) index += 1
    const byte = (hexDigit(text, index) << 4) | hexDigit(text, index + 1)
    assert(byte >= 0, 'a uuid has 32 digits')
    out.bytes[out.at] = byte
    index += 2
  }
  assert(index === text.length, 'a uuid has 32 digits')
}

function writeInt8(out: Out, value: number): void {
  assert(Number.isSafeInteger(value), 'an int8 is a safe integer')
  out.at = out.bytes.writeInt32BE(8, out.at)
  out.at = out.bytes.writeInt32BE(Math.floor(value / two32), out.at)
  out.at = out.bytes.writeUInt32BE(value >>> 0, out.at)
}
