import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import WebSocket, { type RawData } from 'ws'
import {
  type Answer,
  connectTimeoutMs,
  hideSecrets,
  type Line,
  type LinePorts,
  type Login,
  type Session,
} from './line.ts'
import { readMessages } from './messages.ts'
import { type Address, type ConnectRefusal, connectPinned, type Pin } from './pinned-connection.ts'
import { answerOf, type Request, writeBare } from './requests.ts'
import { fieldOf, readPacket } from './socket-packets.ts'
import { xmlBytesMax } from './xml.ts'

// Transport C: Engine.IO 3 with Socket.IO 2 on it, over one WebSocket that we open. Text packets begin with the
// digit of Engine.IO and, of messages, that of Socket.IO; the machine's XML comes as binary messages. The client
// pings; the server's events come without being asked for.

const path = '/socket.io/?transport=websocket&EIO=3'
const pongTimeoutMs = 10_000
const controlTimeoutMs = 15_000
/** Calls that wait for their answer; the machine does one thing, and a cancel and a question may be beside it. */
const pendingMax = 32

export type SocketConfig = {
  readonly address: Address
  readonly pin: Pin
  readonly login: Login | undefined
}

/** A call that waits for its answer among all that comes. */
export type Pending = {
  readonly name: string
  readonly seqNo: string
  readonly settle: (answer: Answer) => void
}

/** Reads what came as XML: an answer goes to the call that waits for it, and all of it to whoever listens. */
export function takeXml(text: string, pending: Pending[], ports: LinePorts): void {
  const read = readMessages(text)
  if (!read.ok) ports.strange(`a message that cannot be read: ${read.refusal.code}`)
  for (const message of read.ok ? read.value : []) {
    const ours = pending.findIndex(
      ({ name, seqNo }) => name === message.name && (message.seqNo ?? seqNo) === seqNo,
    )
    const [one] = ours === -1 ? [] : pending.splice(ours, 1)
    one?.settle({ at: 'answered', message })
    ports.hear(message)
  }
}

/** Opens the socket and waits for its first word; refused where nothing of the kind answers there. */
export async function openSocketLine(
  { address, pin, login }: SocketConfig,
  ports: LinePorts,
): Promise<Outcome<Line, ConnectRefusal>> {
  const connected = await connectPinned(address, pin)
  if (!connected.ok) return connected
  const socket = new WebSocket(`ws://${address.host}:${address.port}${path}`, {
    createConnection: () => connected.value,
    maxPayload: xmlBytesMax,
    perMessageDeflate: false,
    handshakeTimeout: connectTimeoutMs,
  })
  const wire = watchSocket(socket, ports)
  if (!(await wire.ready)) {
    socket.terminate()
    return refused({ code: 'unreached', why: 'no socket of this kind' })
  }
  return accepted(lineOver(wire, login, ports))
}

type Wire = ReturnType<typeof watchSocket>

/** Keeps the socket: opens, pings, hands out what comes. */
function watchSocket(socket: WebSocket, ports: LinePorts) {
  const pending: Pending[] = []
  /** Who waits for an event of the socket's own; `undefined` tells that none will come. */
  const control = new Map<string, (args: readonly unknown[] | undefined) => void>()
  let closed = false
  let opened = false
  let pinging: NodeJS.Timeout | undefined
  let pongDue: NodeJS.Timeout | undefined
  const { promise: ready, resolve: admit } = Promise.withResolvers<boolean>()
  const openTimer = setTimeout(() => admit(false), connectTimeoutMs)

  const end = (why: string) => {
    clearTimeout(openTimer)
    clearInterval(pinging)
    clearTimeout(pongDue)
    admit(false)
    for (const { settle } of pending.splice(0)) settle({ at: 'silent', why })
    for (const waiter of control.values()) waiter(undefined)
    socket.terminate()
    if (closed) return
    closed = true
    if (opened) ports.broken(why)
  }
  const write = (text: string): boolean => {
    if (closed || socket.readyState !== WebSocket.OPEN) return false
    socket.send(text)
    return true
  }
  const ping = () => {
    write('2')
    pongDue ??= setTimeout(() => end('no pong'), pongTimeoutMs)
  }
  const readXmlText = (text: string) => takeXml(text, pending, ports)
  const take = (text: string) => {
    const packet = readPacket(text)
    if (packet.is === 'open') {
      clearInterval(pinging)
      pinging = setInterval(ping, packet.pingEveryMs)
    } else if (packet.is === 'connected') {
      clearTimeout(openTimer)
      opened = true
      admit(true)
    } else if (packet.is === 'pong') {
      clearTimeout(pongDue)
      pongDue = undefined
    } else if (packet.is === 'ping') write(`3${packet.payload}`)
    else if (packet.is === 'closed') end('closed by the machine')
    else if (packet.is === 'odd') ports.strange(packet.why)
    else if (packet.is === 'event') {
      control.get(packet.name)?.(packet.args)
      for (const arg of packet.args) if (isXml(arg)) readXmlText(arg)
    }
  }
  socket.on('message', (data: RawData, binary: boolean) => {
    const text = textOfData(data)
    ports.trace('in', hideSecrets(text))
    ports.beat()
    binary ? readXmlText(text) : take(text)
  })
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('closed'))

  return {
    ready,
    pending,
    control,
    write,
    close: () => {
      closed = true
      end('closed')
    },
  }
}

/** Calls and sessions over a socket that is open. */
function lineOver(wire: Wire, login: Login | undefined, ports: LinePorts): Line {
  const emit = (args: readonly unknown[], shown = args): boolean => {
    ports.trace('out', hideSecrets(`42${JSON.stringify(shown)}`))
    return wire.write(`42${JSON.stringify(args)}`)
  }
  /** One question of the socket's own, and which of the answers to it came, with what. */
  const question: Ask = (replies, args, shown) =>
    new Promise((resolve) => {
      const settle = (answer: readonly unknown[]) => {
        clearTimeout(timer)
        for (const reply of replies) wire.control.delete(reply)
        resolve(answer)
      }
      const timer = setTimeout(() => settle([]), controlTimeoutMs)
      for (const reply of replies) {
        wire.control.set(reply, (args) => settle(args === undefined ? [] : [reply, ...args]))
      }
      if (!emit(args, shown)) settle([])
    })

  return {
    kind: 'socket',
    ask: (header, request: Request, timeoutMs) =>
      new Promise((resolve) => {
        if (wire.pending.length >= pendingMax) {
          return resolve({ at: 'unheard', why: 'too many calls' })
        }
        const entry: Pending = {
          name: answerOf(request.op),
          seqNo: header.seqNo,
          settle: (answer) => {
            clearTimeout(timer)
            resolve(answer)
          },
        }
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                const at = wire.pending.indexOf(entry)
                if (at !== -1) wire.pending.splice(at, 1)
                resolve({ at: 'silent', why: 'timeout' })
              }, timeoutMs)
        wire.pending.push(entry)
        if (emit(['xml send', writeBare(header, request)])) return
        wire.pending.splice(wire.pending.indexOf(entry), 1)
        entry.settle({ at: 'unheard', why: 'closed' })
      }),
    openSession: () => openSession(question, login),
    eventsTo: () => undefined,
    close: async () => wire.close(),
  }
}

/** Resolves with the name of the answer and its arguments; empty where none came. */
type Ask = (
  replies: readonly string[],
  args: readonly unknown[],
  shown?: readonly unknown[],
) => Promise<readonly unknown[]>

async function openSession(question: Ask, login: Login | undefined): Promise<Session> {
  let credential: unknown[] = []
  if (login !== undefined) {
    const { user, password } = login
    const said = ['login request', user, password]
    const [, rights] = await question(['login response'], said, ['login request', user, '***'])
    if (fieldOf(rights, 'ret') !== '0') return { opened: false, why: 'login' }
    credential = [fieldOf(rights, 'session_id')].filter((id) => id !== undefined)
  }
  const checks = ['credential ok', 'credential ng']
  const [checked] = await question(checks, ['check credential', ...credential])
  if (checked !== 'credential ok') return { opened: false, why: 'login' }
  const [, settings] = await question(['sendFunctionSetting'], ['getFunctionSetting'])
  const switches = fieldOf(settings, 'FunctionSetting')
  if (switches === undefined) return { opened: false, why: 'no settings' }
  if (fieldOf(switches, 'SessionEnable') !== '1') return { opened: true, sessionId: undefined }
  const [, session] = await question(['sendSessionID'], ['openSession'])
  const sessionId = fieldOf(session, 'SessionID')
  return typeof sessionId === 'string' && sessionId !== ''
    ? { opened: true, sessionId }
    : { opened: false, why: 'no session' }
}

const isXml = (arg: unknown): arg is string => typeof arg === 'string' && arg.includes('<')

const textOfData = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8')
