import { createHash } from 'node:crypto'
import { uuidFromHash } from '@tillkeeper/core/base/id.ts'

/** The id of a relay: of one original there is one, whoever makes it and however often. */
export function relayId(factId: string): string {
  return uuidFromHash(createHash('sha256').update(`tillkeeper relay\n${factId}`).digest())
}
