import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  type Chunk,
  isManifest,
  isWholeManifest,
  type Manifest,
  manifestBytesMax,
} from '@tillkeeper/sync/snapshot/manifest.ts'

/** Why nothing, or not all, came. Each but `not_offered` and `chunk_gone` is tried again after a wait. */
export type SnapshotFault =
  | { readonly code: 'unreachable' | 'unauthorised' | 'bad_answer' }
  | { readonly code: 'busy'; readonly retryAfterMs: number }
  /** The parent is older than snapshots. */
  | { readonly code: 'not_offered' }
  /** The manifest is too old: its chunks are not kept any more. */
  | { readonly code: 'chunk_gone' }

export type SnapshotWire = {
  readonly askManifest: () => Promise<Outcome<Manifest, SnapshotFault>>
  /** Adds to `have` what comes of a chunk, from where `have` ends; what came stays there on a fault. */
  readonly fetchChunk: (
    chunk: Chunk,
    have: Uint8Array[],
  ) => Promise<Outcome<undefined, SnapshotFault>>
}

/** A parent that says nothing for so long is gone: what came is kept, and the rest is asked for again. */
const silenceMaxMs = 30_000
const retryAfterMsMax = 300_000

type Deps = {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly fetch: typeof fetch
  readonly token: (ask: { readonly fresh: boolean }) => Promise<string | undefined>
  /** Ends what is under way, as a line that is cut does. */
  readonly signal: AbortSignal
}

/** Asks a parent for a snapshot, over HTTP. It never throws: whatever fails is a fault. */
export function snapshotWire(deps: Deps): SnapshotWire {
  return {
    askManifest: async () => {
      const parts: Uint8Array[] = []
      const asked = { path: '', method: 'POST', body: '{}' } as const
      const answer = await exchange(deps, asked, { parts, bytesMax: manifestBytesMax })
      if (!answer.ok) return answer
      if (answer.value === 404) return refused({ code: 'not_offered' })
      if (answer.value !== 200) return refused({ code: 'bad_answer' })
      const manifest = parse(Buffer.concat(parts).toString())
      return isManifest(manifest) && isWholeManifest(manifest)
        ? accepted(manifest)
        : refused({ code: 'bad_answer' })
    },
    fetchChunk: async (chunk, have) => {
      const from = have.reduce((sum, { length }) => sum + length, 0)
      const asked = { path: `/${chunk.sha256}`, method: 'GET', from } as const
      const into = { parts: have, bytesMax: chunk.bytes }
      const answer = await exchange(deps, asked, into)
      if (!answer.ok) return answer
      if (answer.value === 404) return refused({ code: 'chunk_gone' })
      return answer.value === 200 || answer.value === 206
        ? accepted(undefined)
        : refused({ code: 'bad_answer' })
    },
  }
}

type Ask = {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
  /** The byte to begin at. */
  readonly from?: number
}

type Into = { readonly parts: Uint8Array[]; readonly bytesMax: number }

async function exchange(deps: Deps, ask: Ask, into: Into): Promise<Outcome<number, SnapshotFault>> {
  // A token that ran out between two chunks is renewed once.
  for (const fresh of [false, true]) {
    const token = await deps.token({ fresh })
    if (token === undefined) break
    const answer = await once(deps, { ...ask, token }, into)
    if (!answer.ok || answer.value !== 401) return answer
  }
  return refused({ code: 'unauthorised' })
}

async function once(
  { baseUrl, fetch, signal }: Deps,
  { path, method, body, from = 0, token }: Ask & { readonly token: string },
  { parts, bytesMax }: Into,
): Promise<Outcome<number, SnapshotFault>> {
  const abort = new AbortController()
  let silence = setTimeout(() => abort.abort(), silenceMaxMs)
  const heard = () => {
    clearTimeout(silence)
    silence = setTimeout(() => abort.abort(), silenceMaxMs)
  }
  try {
    const response = await fetch(`${baseUrl}/sync/v1/snapshot${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        // A chunk is packed already, and its bytes are counted: nobody may pack it again on the way.
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(from === 0 ? {} : { range: `bytes=${from}-` }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([abort.signal, signal]),
    })
    if (response.status === 503 || response.status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? 0)
      const retryAfterMs = Math.min(retryAfterMsMax, Math.max(0, seconds || 0) * 1_000)
      return refused({ code: 'busy', retryAfterMs })
    }
    if (response.status !== 200 && response.status !== 206) return accepted(response.status)
    // Whoever answers with the whole does not continue what came before.
    if (response.status === 200) parts.length = 0
    let size = response.status === 200 ? 0 : from
    for await (const part of response.body ?? []) {
      heard()
      size += part.length
      if (size > bytesMax) {
        parts.length = 0
        return refused({ code: 'bad_answer' })
      }
      parts.push(part)
    }
    return accepted(response.status)
  } catch {
    return refused({ code: 'unreachable' }) // No line, or it was cut: what came is in `parts`.
  } finally {
    clearTimeout(silence)
    abort.abort()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // No JSON: no manifest.
  }
}
