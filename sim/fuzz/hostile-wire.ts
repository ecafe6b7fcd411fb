import { createHash } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../world/random.ts'
import { soundSeqNo } from './gather-messages.ts'
import type { Source } from './message-source.ts'

// A machine on a real socket that answers with bent bytes, and sometimes breaks the protocol below them: HTTP with
// wrong lengths, frames of a WebSocket that are none. Only what is said, never when, is left to chance of its seed.

export type HostileMachine = {
  readonly port: number
  /** Says something that nobody asked for, to whoever listens. */
  readonly push: () => void
  readonly close: () => Promise<void>
}

type Hears = (socket: Socket, bytes: Buffer) => void

async function listen(hears: (socket: Socket) => Hears, push: (open: Set<Socket>) => void) {
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    const hear = hears(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => hear(socket, bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    push: () => push(open),
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

// HTTP.

type Asked = { readonly path: string; readonly body: string }

/** Hands on each whole request of a connection. */
function hearHttp(answer: (socket: Socket, asked: Asked) => void): Hears {
  let held = Buffer.alloc(0)
  return (socket, bytes) => {
    // A client that wants TLS gets none.
    if (held.length === 0 && bytes[0] === 0x16) return void socket.destroy()
    held = Buffer.concat([held, bytes])
    for (;;) {
      const head = held.indexOf('\r\n\r\n')
      if (head === -1) return
      const text = held.subarray(0, head).toString('latin1')
      const length = Number(/content-length: *([0-9]+)/i.exec(text)?.[1] ?? 0)
      if (held.length < head + 4 + length) return
      const body = held.subarray(head + 4, head + 4 + length).toString('utf8')
      held = held.subarray(head + 4 + length)
      answer(socket, { path: text.split(' ')[1] ?? '/', body })
    }
  }
}

/** Sends an answer, or breaks HTTP. A wrong answer ends its connection, so that nobody waits for its rest. */
function sendHttp(rnd: Random, socket: Socket, bytes: Buffer, type: string): void {
  const head = (length: number | string, status = '200 OK') =>
    `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
  const whole = Buffer.concat([Buffer.from(head(bytes.length)), bytes])
  if (rnd.chance(0.9)) {
    const cut = rnd.below(whole.length)
    socket.write(whole.subarray(0, cut))
    setImmediate(() => socket.write(whole.subarray(cut)))
    return
  }
  const wrong = rnd.pick<() => string | Buffer>([
    () => Buffer.concat([Buffer.from(head(bytes.length + 100)), bytes]),
    () => Buffer.concat([Buffer.from(head(1)), bytes]),
    () => head('-1'),
    () => head('99999999999999999999'),
    () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n${bytes.toString()}`,
    () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    () => head(0, '500 No'),
    () => head(0, '101 Switching Protocols'),
    () => `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
    () => 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(200),
    () => 'HTTP/9.9 abc\r\n\r\n',
    () => bytes,
    () => '',
  ])()
  socket.end(wrong)
  setImmediate(() => socket.destroySoon())
}

const seqNoOf = (body: string) => /SeqNo>([^<]*)</.exec(body)?.[1] ?? soundSeqNo

/** SOAP, and the channel of events that it dials when it is told to. */
export async function startHostileSoap(rnd: Random, source: Source): Promise<HostileMachine> {
  let events: Socket | undefined
  const dial = (port: number) => {
    events?.destroy()
    events = connect(port, '127.0.0.1')
    events.on('error', () => {})
  }
  const machine = await listen(
    () =>
      hearHttp((socket, { body }) => {
        const root = /<(?:\w+:)?(\w+)Request[ />]/.exec(body.replace(/^.*?:Body>/, ''))?.[1] ?? ''
        const port = /Port>([0-9]+)</.exec(body)?.[1]
        if (root === 'RegisterEvent' && port !== undefined) dial(Number(port))
        const bytes = source.answer(`${root.toLowerCase()}response`, seqNoOf(body))
        sendHttp(rnd, socket, bytes, 'text/xml')
      }),
    () => {
      if (events?.writable !== true) return
      const bytes = source.event(soundSeqNo)
      const cut = rnd.below(bytes.length + 1)
      events.write(bytes.subarray(0, cut))
      events.write(Buffer.concat([bytes.subarray(cut), Buffer.of(0)]))
    },
  )
  return {
    ...machine,
    close: () => {
      events?.destroy()
      return machine.close()
    },
  }
}

export function startHostileRest(rnd: Random, source: Source): Promise<HostileMachine> {
  let reference = soundSeqNo
  return listen(
    () =>
      hearHttp((socket, { path, body }) => {
        reference = /"reference":"([0-9]+)"/.exec(body)?.[1] ?? reference
        sendHttp(rnd, socket, source.json(reference, path), 'application/json')
      }),
    () => {},
  )
}

// A WebSocket of the machine's Node.js side.

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

function frameOf(opcode: number, bytes: Buffer, bits = 0x80): Buffer {
  const { length } = bytes
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = bits | opcode
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2)
  else if (length >= 126) head.writeUInt16BE(length, 2)
  return Buffer.concat([head, bytes])
}

const text = (said: string) => frameOf(1, Buffer.from(said))
const binary = (bytes: Buffer) => frameOf(2, Buffer.concat([Buffer.of(4), bytes]))

/** What breaks the frames themselves: bits that nobody agreed on, lengths that lie, pieces, pings, an end. */
function breakFrame(rnd: Random, bytes: Buffer): Buffer {
  const half = bytes.length >> 1
  return rnd.pick<() => Buffer>([
    () => frameOf(2, bytes, 0xf0),
    () => frameOf(rnd.below(16), bytes.subarray(0, 100)),
    () => Buffer.concat([Buffer.from([0x82, 127]), Buffer.alloc(8, 0xff), bytes]),
    () => Buffer.concat([Buffer.from([0x82, 126, 0xff, 0xff]), bytes.subarray(0, 200)]),
    () => Buffer.concat([frameOf(2, bytes.subarray(0, half), 0), frameOf(0, bytes.subarray(half))]),
    () => frameOf(0, bytes),
    () => frameOf(9, bytes.subarray(0, 125)),
    () => frameOf(8, Buffer.from([0x03, 0xe8])),
    () => frameOf(1, Buffer.from([0xc0, 0x80, 0xff])),
  ])()
}

/** The text messages of a client, which masks them; longer ones than a message is are not of a client of ours. */
function readClientFrames(held: Buffer<ArrayBuffer>, take: (text: string) => void) {
  let rest = held
  while (rest.length >= 2) {
    const short = (rest[1] ?? 0) & 0x7f
    const at = short === 126 ? 4 : 2
    if (short === 127 || rest.length < at + 4) break
    const length = short === 126 ? rest.readUInt16BE(2) : short
    if (rest.length < at + 4 + length) break
    const mask = rest.subarray(at, at + 4)
    const bytes = Buffer.from(rest.subarray(at + 4, at + 4 + length))
    for (let index = 0; index < bytes.length; index += 1) {
      bytes[index] = (bytes[index] ?? 0) ^ (mask[index % 4] ?? 0)
    }
    if (((rest[0] ?? 0) & 0x0f) === 1) take(bytes.toString('utf8'))
    rest = rest.subarray(at + 4 + length)
  }
  return rest
}

const settings = { SessionEnable: '0', OccupyEnable: '1' }
const controls: Readonly<Record<string, string>> = {
  'check credential': '42["credential ok"]',
  getFunctionSetting: `42["sendFunctionSetting",${JSON.stringify({ FunctionSetting: settings })}]`,
}

export function startHostileSocket(rnd: Random, source: Source): Promise<HostileMachine> {
  const answer = (socket: Socket, said: string) => {
    if (said.startsWith('2')) return void socket.write(text('3'))
    if (!said.startsWith('42')) return
    const [name, xml] = JSON.parse(said.slice(2)) as [string, string]
    const control = controls[name]
    // A question of the socket's own without an answer would hold all up for its time-out.
    if (control !== undefined) return void socket.write(text(control))
    if (name !== 'xml send') return
    const root = `${/^<(\w+)Request/.exec(xml)?.[1]?.toLowerCase() ?? ''}response`
    socket.write(binary(source.answer(root, seqNoOf(xml))))
    // Nor is an answer lost: it comes again, as copies do.
    socket.write(binary(source.sound(root, seqNoOf(xml))))
  }
  return listen(
    () => {
      let held = Buffer.alloc(0)
      let upgraded = false
      return (socket, bytes) => {
        held = Buffer.concat([held, bytes])
        const head = upgraded ? -1 : held.indexOf('\r\n\r\n')
        if (!upgraded && head === -1) {
          if (held[0] === 0x16) socket.destroy()
          return
        }
        if (!upgraded) {
          upgraded = true
          const key = /sec-websocket-key: *(\S+)/i.exec(held.toString('latin1'))?.[1] ?? ''
          held = held.subarray(head + 4)
          const accept = createHash('sha1').update(`${key}${magic}`).digest('base64')
          const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket']
          lines.push('Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`, '', '')
          socket.write(lines.join('\r\n'))
          socket.write(Buffer.concat([text('0{"sid":"a","pingInterval":25000}'), text('40')]))
        }
        held = readClientFrames(held, (said) => answer(socket, said))
      }
    },
    (open) => {
      for (const socket of open) {
        if (!socket.writable) continue
        const bytes = rnd.chance(0.8) ? source.event(soundSeqNo) : undefined
        if (bytes === undefined) socket.write(frameOf(1, source.packet()))
        else socket.write(rnd.chance(0.98) ? binary(bytes) : breakFrame(rnd, bytes))
      }
    },
  )
}
