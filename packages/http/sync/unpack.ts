import { promisify } from 'node:util'
import { constants, gunzip, gzip, zstdDecompress } from 'node:zlib'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { batchWireBytesMax } from '@tillkeeper/sync/message/ndjson.ts'

const unpackers = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) }
/** What a parent says that batches may be packed by. */
export const batchEncodings = 'zstd, gzip'
const deflate = promisify(gzip)
/** Below this, packing costs more than it saves. */
const packedBytesMin = 1_024

// By itself zlib gives 16 KiB at a time, and each piece of a full batch would wait for a turn of the event loop.
const pieceBytesMin = 16_384
const pieceBytesMax = 1_048_576
/** Facts pack to a tenth. */
const unpackedTimes = 12

/**
 * The bytes of a body as they were before they were packed. A body that unpacks to more than a batch may
 * have is given up at that size, whatever its own says (a "zip bomb" is 1,000 times larger inside).
 */
export async function unpack(
  body: Buffer,
  encoding: string | undefined,
): Promise<Outcome<Uint8Array, { readonly code: 'bad_batch' | 'batch_too_large' }>> {
  if (encoding === undefined || encoding === 'identity') return accepted(body)
  if (encoding !== 'gzip' && encoding !== 'zstd') return refused({ code: 'bad_batch' })
  const guess = Math.max(pieceBytesMin, body.length * unpackedTimes)
  const chunkSize = Math.min(pieceBytesMax, guess)
  try {
    const bounds = { maxOutputLength: batchWireBytesMax, chunkSize }
    return accepted(await unpackers[encoding](body, bounds))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return refused({ code: code === 'ERR_BUFFER_TOO_LARGE' ? 'batch_too_large' : 'bad_batch' })
  }
}

/** Packs an answer for a child that says it can unpack it. Speed matters more than the last per cent. */
export async function pack(
  body: Uint8Array,
  accepts: string | undefined,
): Promise<{ readonly body: Uint8Array; readonly encoding: 'gzip' | undefined }> {
  const may = accepts?.split(',').some((name) => name.trim().split(';')[0] === 'gzip') === true
  if (!may || body.length < packedBytesMin) return { body, encoding: undefined }
  return {
    body: await deflate(body, { level: constants.Z_BEST_SPEED }),
    encoding: 'gzip',
  }
}
