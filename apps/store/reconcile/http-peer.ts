import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Peer, PeerFault } from '@tillkeeper/http/reconcile/peer.ts'
import {
  isFactsAnswer,
  isMendAnswer,
  isRegistersAnswer,
} from '@tillkeeper/sync/digest/digest-messages.ts'
import { isPullHeader } from '@tillkeeper/sync/message/messages.ts'
import { batchWireBytesMax, decodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { joinFacts } from '@tillkeeper/sync/snapshot/check-chunk.ts'
import { createNodeToken } from '../sync/node-token.ts'

/** A cloud that says nothing for so long is away: the next run asks again. */
const answerMaxMs = 60_000

type Deps = {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly fetch: typeof fetch
  readonly token: (ask: { readonly fresh: boolean }) => Promise<string | undefined>
}

const json = 'application/json'
const ndjson = 'application/x-ndjson'

/** The cloud as a shop compares its data with it, over HTTP. It never throws. */
export function httpPeer(deps: Deps): Peer {
  const askFor = async <Answer>(
    path: string,
    { type, body }: { readonly type: string; readonly body: Uint8Array<ArrayBuffer> },
    isAnswer: (value: unknown) => value is Answer,
  ): Promise<Outcome<Answer, PeerFault>> => {
    const answer = await exchange(deps, { path, type, body })
    if (!answer.ok) return answer
    const value = parse(answer.value)
    return isAnswer(value) ? accepted(value) : refused({ code: 'refused' })
  }
  return {
    compareFacts: (question) =>
      askFor('digest', { type: json, body: utf8(question) }, isFactsAnswer),
    compareRegisters: (question) =>
      askFor('digest', { type: json, body: utf8(question) }, isRegistersAnswer),
    mend: (header, facts) => {
      const head = utf8(header)
      const lines = joinFacts([head, ...facts])
      return askFor('mend', { type: ndjson, body: lines }, isMendAnswer)
    },
    pull: async (request) => {
      const answer = await exchange(deps, { path: 'pull', type: json, body: utf8(request) })
      if (!answer.ok) return answer
      const batch = decodeBatch(answer.value, isPullHeader)
      if (!batch.ok || batch.value.header.stream !== request.stream) {
        return refused({ code: 'refused' })
      }
      return accepted(batch.value.facts)
    },
  }
}

/** The cloud that a shop was enrolled with. */
export function openPeer(asking: Parameters<typeof createNodeToken>[0]): Peer {
  return httpPeer({ baseUrl: asking.cloudUrl, fetch, token: createNodeToken(asking) })
}

type Ask = {
  readonly path: string
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
}

async function exchange(
  { baseUrl, fetch, token }: Deps,
  { path, type, body }: Ask,
): Promise<Outcome<Uint8Array, PeerFault>> {
  for (const fresh of [false, true]) {
    const bearer = await token({ fresh })
    if (bearer === undefined) return refused({ code: 'unreachable' })
    try {
      const response = await fetch(`${baseUrl}/sync/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
        body,
        signal: AbortSignal.timeout(answerMaxMs),
      })
      if (response.status === 401) continue
      if (response.status !== 200) return refused({ code: 'refused' })
      return await readBounded(response)
    } catch {
      return refused({ code: 'unreachable' }) // No line, or no answer in time.
    }
  }
  return refused({ code: 'unreachable' })
}

// A cloud that is wrong, or is not ours, must not fill the memory of a shop.
async function readBounded(response: Response): Promise<Outcome<Uint8Array, PeerFault>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > batchWireBytesMax) return refused({ code: 'refused' })
    parts.push(part)
  }
  return accepted(Buffer.concat(parts))
}

const utf8 = (value: object): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(value))

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined // No JSON: no answer of ours.
  }
}
