import { refused } from '@tillkeeper/core/base/outcome.ts'
import { findForbidden } from '@tillkeeper/facts/catalogue/authority.ts'
import { registerKindOf } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import { parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { isWhole } from '@tillkeeper/sync/inbox/place-batch.ts'
import { fromHex, toHex } from '@tillkeeper/sync/message/hex.ts'
import {
  batchBytesMax,
  Hello,
  type HelloReply,
  isPushHeader,
  PullRequest,
} from '@tillkeeper/sync/message/messages.ts'
import { decodeBatch, encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { answerHello, type Said } from '@tillkeeper/sync/parent/answer-hello.ts'
import { Compile } from 'typebox/compile'
import { sha256 } from './hash.ts'
import { authorOf, type Journal } from './journal.ts'

// The parent's side of replication: what the routes of both servers do, over a simulated journal. What
// is decided (verdicts, places, whether bytes are whole) is decided by the real code.

/** Who asks: what its credential says. */
export type Child = {
  readonly author: string
  readonly shopId: string
  readonly kind: 'till' | 'node'
}

export type ParentSide = {
  readonly journal: Journal
  readonly isoNow: () => string
  /** Up to where the cloud has a stream, as this parent knows. */
  readonly cloudSeqOf: (stream: StreamId) => number
  readonly scopesOf: (child: Child) => readonly string[]
  readonly authorsOf: (child: Child) => ReadonlySet<string>
  readonly limits: (child: Child) => HelloReply['limits']
  /** What a hello is answered beside the comparison; what it says may be stored first. */
  readonly hear?: (child: Child, hello: Hello) => Promise<Omit<Said, 'now' | 'limits'>>
  /** Whether a child may bring back the end of a feed that is not written any more. */
  readonly adopts?: (child: Child, stream: StreamId) => boolean
  readonly onReceived: (child: Child, stream: StreamId, added: number) => void
  readonly onNack: (child: Child, stream: StreamId, code: string) => void
  /** Other requests than hello, push and pull. */
  readonly others?: Readonly<Record<string, (child: Child, body: unknown) => Promise<Answer>>>
}

export type Answer = {
  readonly status: number
  readonly body: Uint8Array<ArrayBuffer>
  readonly retryAfterS?: number
}

// A world has thousands of these; read without being compiled they took a fifth of its time.
const checkHello = Compile(Hello)
const checkPull = Compile(PullRequest)
const utf8 = new TextEncoder()
const decoder = new TextDecoder()
export const json = (status: number, value: object): Answer => ({
  status,
  body: utf8.encode(JSON.stringify(value)),
})
export const refusal = (status: number, code: string): Answer => json(status, { code })

/** Answers one request of a child. What is thrown is a fault of this server, as in the real one. */
export async function answerSync(
  parent: ParentSide,
  child: Child,
  { path, body }: { readonly path: string; readonly body: Uint8Array },
): Promise<Answer> {
  if (path === 'push') return push(parent, child, body)
  const asked = parse(body)
  if (path === 'hello') {
    return checkHello.Check(asked) ? hello(parent, child, asked) : refusal(400, 'bad_request')
  }
  if (path === 'pull') {
    return checkPull.Check(asked) ? pull(parent, child, asked) : refusal(400, 'bad_request')
  }
  const other = parent.others?.[path]
  return other === undefined ? refusal(404, 'not_found') : other(child, asked)
}

async function hello(parent: ParentSide, child: Child, asked: Hello): Promise<Answer> {
  const { journal } = parent
  const authors = parent.authorsOf(child)
  const said = (await parent.hear?.(child, asked)) ?? {}
  const scopes = new Set(parent.scopesOf(child))
  const outcome = await answerHello(
    asked,
    {
      copies: async (streams) =>
        new Map(
          streams.filter(journal.holds).map((stream) => {
            const { seq, hash } = journal.head(stream)
            return [stream, { seq, hash, trust: 'ok', cloudSeq: parent.cloudSeqOf(stream) }]
          }),
        ),
      hashAt: async (stream, seq) => journal.hashAt(stream, seq),
      feeds: journal.heads('feed').filter(({ stream }) => scopes.has(scopeOf(stream) ?? '')),
      mayPush: (stream) => authors.has(authorOf(stream) ?? ''),
      ...(child.kind === 'till'
        ? {}
        : {
            unsaid: async (heads) =>
              journal
                .heads('author')
                .filter(
                  ({ stream }) => !heads.includes(stream) && authors.has(authorOf(stream) ?? ''),
                )
                .map(({ stream, seq, hash }) => ({
                  ...{ stream, seq, hash, trust: 'ok' as const },
                  cloudSeq: parent.cloudSeqOf(stream),
                })),
          }),
    },
    { ...said, now: parent.isoNow(), limits: parent.limits(child) },
  )
  return outcome.ok ? json(200, outcome.value) : refusal(409, outcome.refusal.code)
}

async function push(parent: ParentSide, child: Child, body: Uint8Array): Promise<Answer> {
  const decoded = decodeBatch(body, isPushHeader)
  if (!decoded.ok)
    return refusal(decoded.refusal.code === 'batch_too_large' ? 413 : 400, decoded.refusal.code)
  const { header, facts } = decoded.value
  const { stream, from } = header
  const nack = (code: string) => {
    parent.onNack(child, stream, code)
    return refusal(409, code)
  }
  const mayBring =
    scopeOf(stream) === undefined
      ? parent.authorsOf(child).has(authorOf(stream) ?? '')
      : parent.adopts?.(child, stream) === true
  if (!mayBring) return nack('stream_not_yours')
  const batch = {
    stream,
    from,
    prevHash: fromHex(header.prevHash),
    lastHash: fromHex(header.lastHash),
    facts,
  }
  const outcome = isWhole(sha256, batch)
    ? await parent.journal.receive(
        batch,
        (fact) => scopeOf(stream) !== undefined || mayAuthor(child, fact),
      )
    : refused({ code: 'damaged' } as const)
  if (!outcome.ok) {
    if (outcome.refusal.code === 'fork') await parent.journal.keepFork(batch, child.author)
    return nack(outcome.refusal.code)
  }
  const { seq, hash, added } = outcome.value
  parent.onReceived(child, stream, added)
  return json(200, { stream, seq, hash: toHex(hash), cloudSeq: parent.cloudSeqOf(stream) })
}

/** What a shop's node may say: acts of its own shop, and of the chain's settings what is its to write. */
function mayAuthor({ shopId, author }: Child, { type, body }: Fact): boolean {
  const kind = registerKindOf(type)
  if (kind !== undefined) return findForbidden(author, kind, body as RegisterEditBody) === undefined
  const shop = typeof body === 'object' && body !== null && 'shopId' in body ? body.shopId : shopId
  return shop === shopId
}

function pull(parent: ParentSide, child: Child, { stream, after, limit }: PullRequest): Answer {
  const { journal } = parent
  const scope = scopeOf(stream)
  const author = authorOf(stream)
  const may =
    scope === undefined
      ? parent.authorsOf(child).has(author ?? '')
      : parent.scopesOf(child).includes(scope)
  if (!may) return refusal(403, 'feed_not_yours')
  const head = journal.head(stream)
  if (after > head.seq) return refusal(409, 'gap')
  const part = journal.read(stream, after, { factsMax: limit, bytesMax: batchBytesMax })
  const header = {
    stream,
    from: part.from,
    prevHash: toHex(part.prevHash),
    lastHash: toHex(part.lastHash),
    head: head.seq,
    more: part.seq < head.seq,
  }
  return { status: 200, body: encodeBatch(header, part.facts) }
}

export function scopeOf(stream: StreamId): string | undefined {
  const name = parseStreamId(stream)
  return name?.kind === 'feed' ? name.scope : undefined
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined // No JSON: no shape takes `undefined`.
  }
}
