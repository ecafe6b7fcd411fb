import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

// A wire that understands where an HTTP request ends, and does to each what it is told: passes it, cuts
// it or its reply at a byte, says it twice, lets another overtake it, loses the reply, or answers in the
// place of the server, as the page of a hotel's network does.

export type Fate =
  | { readonly kind: 'pass' }
  /** The server gets the first `at` bytes, and both ends are cut. */
  | { readonly kind: 'cut_request'; readonly at: number }
  /** It lands whole; of the reply the first `at` bytes come back, and both ends are cut. */
  | { readonly kind: 'cut_reply'; readonly at: number }
  /** It lands `times`, one after the other or at once; the last reply comes back. */
  | { readonly kind: 'repeat'; readonly times: number; readonly atOnce: boolean }
  /** It waits until another request went past, or for `ms`. */
  | { readonly kind: 'reorder'; readonly ms: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** It lands, and nothing comes back; the line is cut after `ms`. */
  | { readonly kind: 'half_open'; readonly ms: number }
  /** It does not land; somebody else answers. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }

export type FateKind = Fate['kind']

export type HttpRequest = {
  readonly method: string
  readonly path: string
  /** As they are passed on: head and body. */
  readonly bytes: Buffer
  readonly body: Buffer
}

export type FaultProxy = {
  readonly port: number
  /** Who decides about the requests that come from now on. */
  readonly decide: (how: (request: HttpRequest) => Fate) => void
  /** How often each fate was met. */
  readonly met: ReadonlyMap<FateKind, number>
  /** Bytes of the last whole reply that was passed on. */
  readonly lastReplyBytes: () => number
  readonly stop: () => Promise<void>
}

/** How many requests met something. */
export function faultsOf({ met }: FaultProxy): number {
  const all = [...met.values()].reduce((sum, count) => sum + count, 0)
  return all - (met.get('pass') ?? 0)
}

const headEnd = Buffer.from('\r\n\r\n')
const pass: Fate = { kind: 'pass' }
const headMax = 65_536

export async function layFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const met = new Map<FateKind, number>()
  const passed = new Set<() => void>()
  let decide: (request: HttpRequest) => Fate = () => pass
  let lastReplyBytes = 0

  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const dial = () => track(connect({ port: targetPort, host: '127.0.0.1', noDelay: true }))

  /** One exchange with the server on a connection of its own; resolves with all it said. */
  const exchange = async (bytes: Buffer): Promise<Buffer> => {
    const outer = dial()
    const parts: Buffer[] = []
    outer.on('data', (part) => parts.push(part))
    outer.write(bytes)
    await new Promise((resolve) => outer.once('close', resolve))
    return Buffer.concat(parts)
  }
  const carry = async (request: HttpRequest, inner: Socket): Promise<void> => {
    const fate = decide(request)
    met.set(fate.kind, (met.get(fate.kind) ?? 0) + 1)
    const reply = await meet(fate, request, { dial, exchange, passed })
    if (reply === undefined) {
      // Every other end is abrupt: a reset and a close are not the same to who waits.
      if (request.bytes.length % 2 === 0) inner.resetAndDestroy()
      else inner.destroy()
      return
    }
    if (fate.kind === 'pass') lastReplyBytes = reply.bytes.length
    if (reply.whole) inner.end(reply.bytes)
    else inner.write(reply.bytes, () => setImmediate(() => inner.destroy()))
  }
  const server = createServer({ noDelay: true }, (inner) => {
    track(inner)
    let received: Buffer = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length > headMax && received.indexOf(headEnd) === -1) inner.destroy()
      const request = readRequest(received)
      if (request === undefined) return
      inner.off('data', onData)
      if (request === 'upgrade') {
        const outer = dial()
        outer.on('close', () => inner.destroy())
        inner.on('close', () => outer.destroy())
        outer.write(received)
        inner.pipe(outer)
        outer.pipe(inner)
        return
      }
      void carry(request, inner)
    }
    inner.on('data', onData)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    decide: (how) => {
      decide = how
    },
    met,
    lastReplyBytes: () => lastReplyBytes,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type Means = {
  readonly dial: () => Socket
  readonly exchange: (bytes: Buffer) => Promise<Buffer>
  /** Called when a request goes past. */
  readonly passed: Set<() => void>
}

type Reply = { readonly bytes: Buffer; readonly whole: boolean }

/** What comes back of a request; undefined where nothing does. */
async function meet(fate: Fate, { bytes }: HttpRequest, means: Means): Promise<Reply | undefined> {
  const { dial, exchange, passed } = means
  const send = async (): Promise<Reply | undefined> => {
    for (const go of passed) go()
    const reply = await exchange(bytes)
    return reply.length === 0 ? undefined : { bytes: reply, whole: true }
  }
  switch (fate.kind) {
    case 'pass':
      return send()
    case 'cut_request': {
      const outer = dial()
      await new Promise<void>((resolve) => outer.write(bytes.subarray(0, fate.at), () => resolve()))
      if (fate.at % 2 === 0) outer.resetAndDestroy()
      else outer.end()
      return undefined
    }
    case 'cut_reply': {
      const reply = await send()
      return reply && { bytes: reply.bytes.subarray(0, fate.at), whole: false }
    }
    case 'repeat': {
      if (fate.atOnce) return (await Promise.all(Array.from({ length: fate.times }, send))).at(-1)
      for (let sent = 1; sent < fate.times; sent += 1) await exchange(bytes)
      return send()
    }
    case 'reorder':
      await new Promise<void>((resolve) => {
        const timer = setTimeout(go, fate.ms)
        passed.add(go)
        function go() {
          clearTimeout(timer)
          passed.delete(go)
          resolve()
        }
      })
      // The one that went past has a head start.
      await new Promise((resolve) => setTimeout(resolve, 2))
      return send()
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fate.ms))
      return send()
    case 'half_open':
      await Promise.all([exchange(bytes), new Promise((resolve) => setTimeout(resolve, fate.ms))])
      return undefined
    case 'answer': {
      const head = `HTTP/1.1 ${fate.status} Elsewhere\r\ncontent-type: text/html\r\nconnection: close\r\n`
      const length = Buffer.byteLength(fate.body)
      return {
        bytes: Buffer.from(`${head}content-length: ${length}\r\n\r\n${fate.body}`),
        whole: true,
      }
    }
  }
}

/** Reads a whole request; undefined while some of it has not come yet. */
function readRequest(received: Buffer): HttpRequest | 'upgrade' | undefined {
  const end = received.indexOf(headEnd)
  if (end === -1) return undefined
  const head = received.toString('latin1', 0, end)
  if (/\r\nupgrade:/i.test(head)) return 'upgrade'
  const length = Number(/\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1] ?? 0)
  const from = end + headEnd.length
  if (received.length < from + length) return undefined
  const [method = '', path = ''] = head.split(' ')
  const body = received.subarray(from, from + length)
  // One exchange a connection: then a reply ends where the connection does.
  const closing = `${head.replace(/\r\nconnection:[^\r]*/gi, '')}\r\nconnection: close\r\n\r\n`
  return { method, path, body, bytes: Buffer.concat([Buffer.from(closing, 'latin1'), body]) }
}
