import { mayWriteSome, tierOf } from '@tillkeeper/facts/catalogue/authority.ts'
import { registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import type { Child } from './child.ts'

/**
 * What a child may bring of the streams that are its own: acts of its own shop, and edits of entities of which
 * its author may write some field. Of people, roles, keys and tills nobody below the cloud may say anything:
 * who could would give itself every permission, and such a batch is refused. A field that is not the author's
 * is no reason to stop a stream with money in it: the edit is kept, and parked when it is projected.
 */
export function mayAuthor({ shopId }: Child, { type, author, body }: Fact): boolean {
  if (type.endsWith('.changed')) {
    const kind = registerKindOf(type)
    // Of a kind that is not known yet nothing is projected before it is; then it is judged.
    return kind === undefined || mayWriteSome(tierOf(author), kind)
  }
  const shop = typeof body === 'object' && body !== null && 'shopId' in body ? body.shopId : shopId
  return shop === shopId
}
