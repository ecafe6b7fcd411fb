import { hash } from 'node:crypto'

/** SHA-256 as the servers make it: it is passed to what `facts` computes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
