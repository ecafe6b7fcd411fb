import type { Position } from '../message/messages.ts'

// What is signed. Each part stands on a line of its own and holds no end of a line, so that no two
// statements are written with the same bytes; the first line keeps one kind from being taken for another.

const utf8 = new TextEncoder()
const lines = (...parts: readonly (string | number)[]) => utf8.encode(`${parts.join('\n')}\n`)

/** What an author signs of its own stream: "my history up to here has this hash". */
export function headStatement(
  org: string,
  { stream, seq, hash }: Position,
): Uint8Array<ArrayBuffer> {
  return lines('tillkeeper-head-1', org, stream, seq, hash)
}

/** What the cloud signs: "I held this stream up to here, with this hash, at this time". */
export function receiptStatement(
  org: string,
  { stream, seq, hash, at }: Position & { readonly at: string },
): Uint8Array<ArrayBuffer> {
  return lines('tillkeeper-receipt-1', org, stream, seq, hash, at)
}
