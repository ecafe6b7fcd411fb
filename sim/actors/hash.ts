import { hash } from 'node:crypto'
import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'

/** SHA-256, as the servers make it. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

const genesis = new Map<StreamId, Uint8Array>()

/** The hash before a stream's first fact. */
export function genesisOf(stream: StreamId): Uint8Array {
  const known = genesis.get(stream)
  if (known !== undefined) return known
  const made = genesisHash(sha256, stream)
  genesis.set(stream, made)
  return made
}
