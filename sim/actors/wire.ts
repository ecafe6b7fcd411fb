import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Timer } from '@tillkeeper/sync/link/ports.ts'
import {
  type HttpWireDeps,
  httpWire,
  pokeBeatMs,
  type Socket,
} from '@tillkeeper/sync/wire/http-wire.ts'
import type { Line } from '../world/network.ts'
import type { World } from '../world/world.ts'
import type { Answer } from './parent-side.ts'
import type { Process } from './process.ts'

// The real wire of a child, over a simulated line: `fetch` and the socket are ours, all else is not.

/** A parent as its children reach it. */
export type Server = {
  readonly name: string
  /** `undefined` while it does not run. */
  readonly process: () => Process | undefined
  /** Answers a request; `undefined` where the credential is not good. */
  readonly answer: (
    token: string,
    request: { readonly path: string; readonly body: Uint8Array },
  ) => Promise<Answer>
  /** Lets a child listen; returns how it leaves, or `undefined` where the credential is not good. */
  readonly listen: (token: string, send: (text: string) => void) => (() => void) | undefined
}

type ChildSide = {
  readonly world: World
  /** The child's name, which is its line's. */
  readonly name: string
  readonly process: Process
  readonly server: Server
  readonly token: () => string
}

/** How soon an address that refuses says so. */
const refusedMs = [5, 400] as const
/** The last acknowledgement of a line that is not heard yet: lost, the next hello finds it. */
const unheard = new WeakMap<Line, { readonly stream: StreamId; readonly seq: number }>()

/** A child's way to its parent. */
export function makeWire(side: ChildSide) {
  const deps: HttpWireDeps = {
    baseUrl: `http://${side.server.name}`,
    fetch: (url, init) => exchange(side, url.slice(url.lastIndexOf('/') + 1), init),
    openSocket: () => openSocket(side),
    // Bytes pass as they are: a packed body that is bent is refused by its checksum, this is harder.
    gzip: async (bytes) => bytes,
    token: async ({ fresh }) => (fresh ? undefined : side.token()),
    timer: side.process.timer,
  }
  return httpWire(deps)
}

function exchange(
  { world, name, process, server, token }: ChildSide,
  path: string,
  init: RequestInit,
) {
  const line = world.network.line(name)
  const body = init.body as Uint8Array
  const exchanged = new Promise<Response>((resolve, reject) => {
    const fail = () => {
      if (process.alive()) reject(new TypeError('fetch failed'))
    }
    init.signal?.addEventListener('abort', fail)
    // A dead line swallows packets or says so; a machine without the program refuses.
    const refuse = () => process.timer.after(world.chance.between(...refusedMs), fail)
    if (!world.network.passes(line, 'up') && world.chance.chance(0.5)) refuse()
    world.network.carry({
      line,
      direction: 'up',
      what: path,
      bytes: body,
      deliver: (request) => {
        const running = server.process()
        if (running === undefined) return refuse()
        running.timer.after(0, () => {
          server.answer(token(), { path, body: request }).then(
            (answer) => {
              if (!running.alive()) return
              noteUnheard(line, path, answer)
              world.network.carry({
                line,
                direction: 'down',
                what: `${path}:${answer.status}`,
                bytes: answer.body,
                deliver: (bytes) => {
                  if (path === 'push') unheard.delete(line)
                  if (process.alive()) resolve(responseOf(answer, bytes))
                },
              })
            },
            (error: unknown) => {
              world.trace.note(`${server.name} fault ${String(error)}`)
              if (running.alive() && process.alive()) {
                resolve(
                  responseOf(
                    { status: 503, body: new Uint8Array(), retryAfterS: 1 },
                    new Uint8Array(),
                  ),
                )
              }
            },
          )
        })
      },
    })
  })
  line.exchanges += 1
  line.exchangesMax = Math.max(line.exchangesMax, line.exchanges)
  const end = () => {
    line.exchanges -= 1
  }
  exchanged.then(end, end)
  // What a process waited for when it was ended is nobody's any more.
  process.onEnd(() => {
    line.exchanges = 0
  })
  return exchanged
}

function noteUnheard(line: Line, path: string, { status, body }: Answer): void {
  if (path !== 'push' || status !== 200) return
  const { stream, seq } = JSON.parse(decoder.decode(body)) as { stream: StreamId; seq: number }
  unheard.set(line, { stream, seq })
}

/** Counts an acknowledgement that was lost, and is found again. */
export function findLostAck(world: World, child: string, stream: StreamId, seq: number): void {
  const line = world.network.line(child)
  const lost = unheard.get(line)
  if (lost?.stream !== stream || seq < lost.seq) return
  unheard.delete(line)
  world.counters.count('ack.lost_then_found')
}

function responseOf({ status, retryAfterS }: Answer, bytes: Uint8Array): Response {
  let read = false
  const response = {
    status,
    headers: { get: (name: string) => (name === 'retry-after' ? (retryAfterS ?? null) : null) },
    body: {
      getReader: () => ({
        read: async () => {
          if (read) return { done: true, value: undefined }
          read = true
          return { done: false, value: bytes }
        },
        cancel: async () => {},
      }),
    },
  }
  // The wire reads these alone; a Response of the platform costs ten times as much.
  return response as unknown as Response
}

function openSocket({ world, name, process, server }: ChildSide): Socket {
  const line = world.network.line(name)
  const timer: Timer = process.timer
  let open = true
  let leave: (() => void) | undefined
  let cancelBeat = () => {}
  const end = (tell: boolean) => {
    if (!open) return
    open = false
    cancelBeat()
    leave?.()
    if (tell && process.alive()) socket.onclose?.()
  }
  const say = (text: string) => {
    // A line that broke is found by its silence.
    world.network.carry({
      line,
      direction: 'down',
      what: 'poke',
      bytes: utf8.encode(text),
      deliver: (bytes) => {
        if (open && process.alive()) socket.onmessage?.({ data: decoder.decode(bytes) })
      },
    })
  }
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    close: () => end(false),
    send: (text) => {
      world.network.carry({
        line,
        direction: 'up',
        what: 'listen',
        bytes: utf8.encode(text),
        deliver: (bytes) => {
          const running = server.process()
          if (!open || running === undefined) return
          leave = server.listen(tokenOf(bytes), say)
          if (leave === undefined) return end(true)
          const beat = () => {
            if (!open) return
            if (!running.alive()) return leave?.()
            say('{"feeds":[],"cloud":[]}')
            cancelBeat = world.time.after(pokeBeatMs, beat)
          }
          cancelBeat = world.time.after(pokeBeatMs, beat)
        },
      })
    },
  }
  timer.after(world.chance.between(...refusedMs), () => {
    if (!open) return
    const reachable = world.network.passes(line, 'up') && server.process() !== undefined
    if (reachable) socket.onopen?.()
    else end(true)
  })
  return socket
}

const utf8 = new TextEncoder()
const decoder = new TextDecoder()

function tokenOf(bytes: Uint8Array): string {
  try {
    const said = JSON.parse(decoder.decode(bytes)) as { token?: unknown }
    return typeof said.token === 'string' ? said.token : ''
  } catch {
    return ''
  }
}
