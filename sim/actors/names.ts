import { uuidFromHash } from '@tillkeeper/core/base/id.ts'
import { sha256 } from './hash.ts'

const utf8 = new TextEncoder()

/** The id of something that a simulated chain has: the same name gives the same id in every world. */
export function idOf<Id extends string>(name: string): Id {
  return uuidFromHash(sha256(utf8.encode(name))) as Id
}

export const storeAuthor = (shopId: string) => `s-${shopId}`
export const tillAuthor = (tillId: string) => `t-${tillId}`
