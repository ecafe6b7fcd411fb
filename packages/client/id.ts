import { uuidv7 } from '@tillkeeper/core/base/id.ts'

/** A new UUIDv7: whoever asks for an act names it, so that asking twice does it once. */
export function makeId(): string {
  return uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
}
