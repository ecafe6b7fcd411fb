import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { factBytesMax } from '@tillkeeper/facts/seal/seal.ts'
import { batchBytesMax, batchFactsMax, batchOverheadBytesMax } from './messages.ts'

// A batch on the wire: a header as one line of JSON, then one fact a line, each line ended by \n. JSON
// writes a line end inside a text as \n in two characters, so a fact never holds that byte, and it is
// cut out of the batch exactly as it was sealed. The chain runs over those bytes.

export type RawBatch<Header> = { readonly header: Header; readonly facts: readonly Uint8Array[] }

export type BatchRefusal = {
  readonly code: 'bad_batch' | 'batch_too_large'
}

const newline = 10
const utf8 = new TextEncoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** The most bytes that a batch, unpacked, may have. */
export const batchWireBytesMax = batchBytesMax + batchOverheadBytesMax

/** Writes a batch. A fact that holds a line end cannot be sent, and cannot have been sealed. */
export function encodeBatch(header: object, facts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = utf8.encode(JSON.stringify(header))
  const size = facts.reduce((sum, fact) => sum + fact.length + 1, head.length + 1)
  const out = new Uint8Array(size)
  let at = 0
  for (const line of [head, ...facts]) {
    assert(!line.includes(newline), 'a line of a batch holds no line end')
    out.set(line, at)
    out[at + line.length] = newline
    at += line.length + 1
  }
  return out
}

/**
 * Takes a batch apart. The facts are views into `bytes`. A batch that was cut off inside a line is
 * refused; one cut at a line's end is a shorter batch, and as good as any.
 */
export function decodeBatch<Header>(
  bytes: Uint8Array,
  isHeader: (value: unknown) => value is Header,
): Outcome<RawBatch<Header>, BatchRefusal> {
  if (bytes.length > batchWireBytesMax) return refused({ code: 'batch_too_large' })
  if (bytes[bytes.length - 1] !== newline) return refused({ code: 'bad_batch' })
  const lines: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at)
    if (end === at) return refused({ code: 'bad_batch' })
    if (lines.length > batchFactsMax || end - at > factBytesMax) {
      return refused({ code: 'batch_too_large' })
    }
    lines.push(bytes.subarray(at, end))
    at = end + 1
  }
  const [first, ...facts] = lines
  const header = first === undefined ? undefined : parseLine(first)
  return isHeader(header) ? accepted({ header, facts }) : refused({ code: 'bad_batch' })
}

function parseLine(line: Uint8Array): unknown {
  try {
    return JSON.parse(strictUtf8.decode(line))
  } catch {
    return undefined // Not UTF-8, or not JSON: the caller's check refuses `undefined`.
  }
}
