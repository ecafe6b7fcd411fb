import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { MendWire, Timer, Wire, WireFault } from '../link/ports.ts'
import { fromHex, toHex } from '../message/hex.ts'
import {
  isAck,
  isHashes,
  isHelloReply,
  isNackCode,
  isPoke,
  isPullHeader,
  isRenewed,
  type Poke,
} from '../message/messages.ts'
import { batchWireBytesMax, decodeBatch, encodeBatch } from '../message/ndjson.ts'
import { readBounded } from './read-bounded.ts'

// The wire as HTTP and one WebSocket. `fetch`, the socket and the compression are passed in: the
// browser's for a till, Node's for a store server, and neither is named here.

/** An exchange that takes longer has failed: a line this slow gets smaller batches by then. */
export const exchangeMaxMs = 30_000
/** The parent says something at least every `pokeBeatMs`; a line silent for this long is dead. */
export const pokeSilenceMaxMs = 50_000
export const pokeBeatMs = 20_000
/** A hello's answer for `streamsMax` streams, and no more. */
const answerBytesMax = 2 * 1_048_576
/** A parent that is wrong, or is not ours, must not fill the memory of a till. */
const bodyBytesMax = Math.max(answerBytesMax, batchWireBytesMax)
/** Below this, packing costs more than it saves. */
const gzipBytesMin = 1_024
const pauseMaxMs = 300_000

/** What the link needs of a socket: what `WebSocket` is, in Node and in browsers. */
export type Socket = {
  readonly send: (text: string) => void
  readonly close: () => void
  onopen: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
}

type Pack = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>

export type HttpWireDeps = {
  /** Where the parent is, without a slash at the end. */
  readonly baseUrl: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly openSocket: (url: string) => Socket
  readonly gzip: Pack
  /** Faster and smaller; used for a parent that says it takes it. Left out: this child has none. */
  readonly zstd?: Pack
  /** The bearer token; `undefined` if none can be had now. `fresh` asks for another than the last. */
  readonly token: (ask: { readonly fresh: boolean }) => Promise<string | undefined>
  readonly timer: Timer
}

/** What the parent said it takes, in its last answer that said anything of it. */
type Deps = HttpWireDeps & { readonly heard: { zstd: boolean } }

type Answer = {
  readonly status: number
  readonly retryAfterMs: number | undefined
  readonly body: Uint8Array
}

/** Speaks to the parent at `baseUrl`. It never throws: whatever fails is a WireFault. */
export function httpWire(given: HttpWireDeps): Wire & MendWire {
  const deps: Deps = { ...given, heard: { zstd: false } }
  return {
    hello: (hello) => askJson(deps, { path: 'hello', body: hello }, isHelloReply),
    renew: (request) => askJson(deps, { path: 'renew', body: request }, isRenewed),
    hashes: (request) => askJson(deps, { path: 'hashes', body: request }, isHashes),
    push: async ({ stream, from, prevHash, lastHash, facts, receipt }) => {
      const header = {
        ...{ stream, from, prevHash: toHex(prevHash), lastHash: toHex(lastHash) },
        ...(receipt === undefined ? {} : { receipt }),
      }
      const body = encodeBatch(header, facts)
      const answer = await ask(deps, { path: 'push', type: ndjson, body })
      if (!answer.ok) return answer
      const reply = parse(answer.value.body)
      if (answer.value.status === 200) {
        return isAck(reply) && reply.stream === stream
          ? accepted(reply)
          : refused({ code: 'bad_answer' })
      }
      const code = codeOf(reply)
      if (isNackCode(code)) return refused({ code: 'nack', nack: code })
      if (answer.value.status === 413) return refused({ code: 'nack', nack: 'batch_too_large' })
      return refused(faultOf(answer.value))
    },
    pull: async (request) => {
      const answer = await ask(deps, { path: 'pull', type: json, body: utf8(request) })
      if (!answer.ok) return answer
      if (answer.value.status === 403) return refused({ code: 'feed_refused' })
      if (answer.value.status !== 200) return refused(faultOf(answer.value))
      const batch = decodeBatch(answer.value.body, isPullHeader)
      if (!batch.ok || batch.value.header.stream !== request.stream) {
        return refused({ code: 'bad_answer' })
      }
      const { facts, header } = batch.value
      const prevHash = fromHex(header.prevHash)
      const lastHash = fromHex(header.lastHash)
      return accepted({ ...header, prevHash, lastHash, facts })
    },
    listen: (on) => listen(deps, on),
  }
}

const json = 'application/json'
const ndjson = 'application/x-ndjson'

type Ask = {
  readonly path: string
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
}

async function askJson<Reply>(
  deps: Deps,
  { path, body }: { readonly path: string; readonly body: object },
  isReply: (value: unknown) => value is Reply,
): Promise<Outcome<Reply, WireFault>> {
  const answer = await ask(deps, { path, type: json, body: utf8(body) })
  if (!answer.ok) return answer
  if (answer.value.status !== 200) return refused(faultOf(answer.value))
  const reply = parse(answer.value.body)
  return isReply(reply) ? accepted(reply) : refused({ code: 'bad_answer' })
}

// A token that expired between two exchanges is renewed once; a second refusal is the parent's answer.
async function ask(deps: Deps, request: Ask): Promise<Outcome<Answer, WireFault>> {
  // Batches alone: parents read JSON as it comes, and a hello of many streams is mostly hashes, which do
  // not pack.
  const packs = request.type === ndjson && request.body.length >= gzipBytesMin
  const packed = packs ? await pack(deps, request.body) : undefined
  for (const fresh of [false, true]) {
    const token = await deps.token({ fresh })
    if (token === undefined) break
    const answer = await exchange(deps, request, token, packed)
    if (answer === undefined) return refused({ code: 'unreachable' })
    if (answer.status !== 401) return accepted(answer)
  }
  return refused({ code: 'unauthorised' })
}

type Packed = {
  readonly encoding: 'gzip' | 'zstd'
  readonly bytes: Uint8Array<ArrayBuffer>
}

async function pack({ gzip, zstd, heard }: Deps, body: Uint8Array<ArrayBuffer>): Promise<Packed> {
  return zstd !== undefined && heard.zstd
    ? { encoding: 'zstd', bytes: await zstd(body) }
    : { encoding: 'gzip', bytes: await gzip(body) }
}

async function exchange(
  { baseUrl, fetch, timer, heard }: Deps,
  { path, type, body }: Ask,
  token: string,
  packed: Packed | undefined,
): Promise<Answer | undefined> {
  const abort = new AbortController()
  const cancel = timer.after(exchangeMaxMs, () => abort.abort())
  try {
    const response = await fetch(`${baseUrl}/sync/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': type,
        ...(packed === undefined ? {} : { 'content-encoding': packed.encoding }),
      },
      body: packed?.bytes ?? body,
      signal: abort.signal,
    })
    const takes = response.headers.get('accept-encoding')
    if (takes !== null) heard.zstd = /(^|[ ,])zstd([ ,;]|$)/.test(takes)
    const seconds = Number(response.headers.get('retry-after') ?? 0)
    return {
      status: response.status,
      retryAfterMs:
        Number.isFinite(seconds) && seconds > 0 ? Math.min(pauseMaxMs, seconds * 1_000) : undefined,
      body: await readBounded(response, bodyBytesMax),
    }
  } catch {
    // Whatever `fetch` throws means that no whole answer came: there was no line, or it was cut.
    return undefined
  } finally {
    cancel()
  }
}

function faultOf({ status, retryAfterMs, body }: Answer): WireFault {
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (codeOf(parse(body)) === 'version_not_spoken') return { code: 'version_not_spoken' }
  return { code: status === 429 || status >= 500 ? 'busy' : 'bad_answer', ...pause }
}

function listen(
  { baseUrl, openSocket, token, timer }: HttpWireDeps,
  on: Parameters<Wire['listen']>[0],
): () => void {
  let socket: Socket | undefined
  let over = false
  let cancelSilence = () => {}
  const end = (tell: boolean): void => {
    if (over) return
    over = true
    cancelSilence()
    socket?.close()
    if (tell) on.onDown()
  }
  const watch = (): void => {
    cancelSilence()
    cancelSilence = timer.after(pokeSilenceMaxMs, () => end(true))
  }
  const open = async (): Promise<void> => {
    const bearer = await token({ fresh: false })
    if (bearer === undefined) return end(true)
    if (over) return
    const line = openSocket(`${baseUrl.replace(/^http/, 'ws')}/sync/v1/poke`)
    socket = line
    let up = false
    line.onopen = () => line.send(JSON.stringify({ token: bearer }))
    line.onclose = () => end(true)
    line.onerror = () => end(true)
    line.onmessage = ({ data }) => {
      if (over) return
      const poke = readPoke(data)
      if (poke === undefined) return end(true)
      watch()
      // The parent's first poke says that it knows us, and where everything stands.
      if (!up) on.onUp()
      up = true
      on.onPoke(poke)
    }
  }
  watch()
  open().catch(() => end(true)) // No token, or no socket: the line is down, as if it had been cut.
  return () => end(false)
}

function readPoke(data: unknown): Poke | undefined {
  if (typeof data !== 'string' || data.length > answerBytesMax) return undefined
  const value = parseText(data)
  return isPoke(value) ? value : undefined
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const utf8 = (value: object) => encoder.encode(JSON.stringify(value))
const parse = (body: Uint8Array): unknown => parseText(decoder.decode(body))

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // No JSON: no shape of ours takes `undefined`.
  }
}

function codeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined
}
