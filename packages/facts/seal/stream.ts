import { assert } from '@tillkeeper/core/base/assert.ts'

/** SHA-256, passed in: the servers use Node's, the browser a library, the simulator either. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * The name of a gapless sequence of facts.
 *
 * `<author>:<major>.<minor>/<lane>` is an author stream: it travels up. `major` is granted by the
 * parent (enrolment, re-image), `minor` is raised by the author after a start that was not clean, so
 * that a copy or a restored image never continues an old stream. Lanes: `business`, `telemetry`.
 *
 * `feed/<scope>@<epoch>` is a scope feed: it travels down. Scopes: `org`, `customers`, `shop:<id>`, and
 * `credentials:<shop id>`, which stops at the store server and is never relayed to a till.
 */
export type StreamId = string & { readonly __id: 'stream' }

export type Lane = 'business' | 'telemetry'

export const streamPattern =
  '^([A-Za-z0-9-]{1,64}:[0-9]{1,9}[.][0-9]{1,9}/(business|telemetry)|feed/[a-z]{1,16}(:[0-9a-f-]{36})?@[0-9]{1,9})$'
const authorStream = /^([A-Za-z0-9-]{1,64}):([0-9]{1,9}\.[0-9]{1,9})\/(business|telemetry)$/
const feedStream = /^feed\/([a-z]{1,16}(?::[0-9a-f-]{36})?)@([0-9]{1,9})$/

export type StreamName =
  | {
      readonly kind: 'author'
      readonly author: string
      readonly epoch: string
      readonly lane: Lane
    }
  | { readonly kind: 'feed'; readonly scope: string; readonly epoch: string }

/** Names an author's stream. */
export function authorStreamId(author: string, epoch: string, lane: Lane): StreamId {
  const id = `${author}:${epoch}/${lane}`
  assert(authorStream.test(id), 'an author stream has a well-formed name')
  return id as StreamId
}

/** Names a scope's feed. */
export function feedStreamId(scope: string, epoch: number): StreamId {
  const id = `feed/${scope}@${epoch}`
  assert(feedStream.test(id), 'a feed has a well-formed name')
  return id as StreamId
}

/** Takes a name apart; `undefined` for a text that is not the name of a stream. */
export function parseStreamId(text: string): StreamName | undefined {
  const author = authorStream.exec(text)
  if (author !== null) {
    const [, name = '', epoch = '', lane] = author
    return { kind: 'author', author: name, epoch, lane: lane as Lane }
  }
  const feed = feedStream.exec(text)
  if (feed === null) return undefined
  const [, scope = '', epoch = ''] = feed
  return { kind: 'feed', scope, epoch }
}

const utf8 = new TextEncoder()

/** The hash that stands before a stream's first fact. It binds the chain to the stream's name. */
export function genesisHash(sha256: Sha256, stream: StreamId): Uint8Array {
  return sha256(utf8.encode(stream))
}

/** One link: `hash(n) = SHA-256(hash(n−1) ‖ bytes(n))`, over the bytes as stored or received. */
export function chainHash(sha256: Sha256, before: Uint8Array, bytes: Uint8Array): Uint8Array {
  assert(before.length === 32, 'a chain hash has 32 bytes')
  const joined = new Uint8Array(32 + bytes.length)
  joined.set(before)
  joined.set(bytes, 32)
  return sha256(joined)
}
