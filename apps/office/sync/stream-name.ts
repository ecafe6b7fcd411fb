import type { Shop, Till } from '@tillkeeper/client/api/shapes.ts'
import type { OfficeKey } from '../messages/en.ts'

/** Who speaks in a stream, in words: a message and what stands in it. */
export type StreamName = {
  readonly text: OfficeKey
  readonly shop: string
  readonly till: string
}

type Places = {
  readonly shops: readonly Pick<Shop, 'id' | 'name'>[]
  readonly tills: readonly Pick<Till, 'id' | 'number' | 'shopId'>[]
}

/**
 * Reads the name of a stream: `s-<shop>:…` is a shop's store server, `t-<till>:…` a till, and
 * `feed/<scope>@…` what the cloud tells. Undefined for what we know no word for.
 */
export function nameStream(stream: string, { shops, tills }: Places): StreamName | undefined {
  const shopName = (id: string | undefined) => shops.find((shop) => shop.id === id)?.name ?? ''
  const [, author, authorId] = /^([st])-([0-9a-f-]{36}):/.exec(stream) ?? []
  if (author === 's') return { text: 'stream.store', shop: shopName(authorId), till: '' }
  if (author === 't') {
    const till = tills.find(({ id }) => id === authorId)
    return {
      text: 'stream.till',
      shop: shopName(till?.shopId),
      till: String(till?.number ?? '–'),
    }
  }
  const [, scope, scopeId] = /^feed\/([a-z]+)(?::([0-9a-f-]{36}))?@/.exec(stream) ?? []
  if (scope === 'org') return { text: 'stream.org', shop: '', till: '' }
  if (scope === 'credentials' && scopeId !== undefined) {
    return { text: 'stream.credentials', shop: shopName(scopeId), till: '' }
  }
  if (scope === 'credentials') return { text: 'stream.allCredentials', shop: '', till: '' }
  return undefined
}
