import { lookup } from 'node:dns/promises'
import { type ClientRequest, request as httpRequest } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { listenForEvents } from './event-listener.ts'
import { type Answer, hideSecrets, type Line, type LinePorts, type Login } from './line.ts'
import { readMessages } from './messages.ts'
import { type Address, connectPinned, type Pin, whyNot } from './pinned-connection.ts'
import { answerOf, type Header, type Request, soapActionOf, writeSoap } from './requests.ts'
import { textOf, xmlBytesMax } from './xml.ts'

const servicePath = '/axis2/services/BrueBoxService'
const openTimeoutMs = 20_000
/** A peer that vanished under a call without an end is noticed by the system's own probes. */
const keepAliveMs = 30_000

export type SoapConfig = {
  readonly address: Address
  readonly pin: Pin
  readonly login: Login | undefined
  readonly events: {
    /** Our address as the machine sees it; where it is not given, the one that reached the machine. */
    readonly host: string | undefined
    readonly port: number
  }
}

/** Opens transport A with its event channel B. It rejects where the port for events is taken. */
export async function openSoapLine(config: SoapConfig, ports: LinePorts): Promise<Line> {
  const { address, pin, events } = config
  const machine = await addressesOf(address.host)
  const listener = await listenForEvents({
    port: events.port,
    isMachine: (from) => machine.has(from),
    frame: (text) => hearFrame(text, ports),
    strange: ports.strange,
  })
  const pending = new Set<ClientRequest>()
  let ownHost = events.host
  let closed = false

  const ask: Line['ask'] = async (header, request, timeoutMs) => {
    if (closed) return { at: 'unheard', why: 'closed' }
    const connected = await connectPinned(address, pin)
    if (!connected.ok) return { at: 'unheard', why: whyNot(connected.refusal) }
    ownHost = events.host ?? connected.value.localAddress?.replace(/^::ffff:/, '')
    if (closed) {
      connected.value.destroy()
      return { at: 'unheard', why: 'closed' }
    }
    const text = writeSoap(header, request)
    ports.trace('out', hideSecrets(text))
    const posted = await post({
      socket: connected.value,
      host: address,
      request,
      text,
      timeoutMs,
      pending,
    })
    if (!posted.came) return { at: 'silent', why: posted.why }
    ports.trace('in', hideSecrets(posted.text))
    return readAnswer(posted.text, header, request, ports)
  }

  return {
    kind: 'soap',
    ask,
    openSession: async (header) => {
      const { user, password } = config.login ?? { user: header.id, password: '' }
      const answer = await ask(header, { op: 'open', user, password }, openTimeoutMs)
      if (answer.at !== 'answered') {
        return { opened: false, why: answer.at === 'unable' ? 'no sessions known' : answer.why }
      }
      const { result, body } = answer.message
      // 20: sessions are switched off, and none is needed.
      if (result === 20) return { opened: true, sessionId: undefined }
      if (result === 0) return { opened: true, sessionId: textOf(body, 'sessionid') }
      return { opened: false, why: `login ${result ?? 'without result'}` }
    },
    eventsTo: () => (ownHost === undefined ? undefined : { host: ownHost, port: listener.port }),
    close: async () => {
      closed = true
      for (const request of pending) request.destroy()
      await listener.close()
    },
  }
}

async function addressesOf(host: string): Promise<ReadonlySet<string>> {
  if (isIP(host) !== 0) return new Set([host])
  const found = await lookup(host, { all: true })
  return new Set(found.map(({ address }) => address))
}

/** Takes a frame of the channel of events. */
export function hearFrame(text: string, { trace, beat, hear, strange }: LinePorts): void {
  trace('in', hideSecrets(text))
  beat()
  const read = readMessages(text)
  if (!read.ok) strange(`an event that cannot be read: ${read.refusal.code}`)
  else for (const message of read.value) hear(message)
}

/** What an answer's text says of the call that it should be of. */
export function readAnswer(
  text: string,
  header: Header,
  request: Request,
  ports: LinePorts,
): Answer {
  const read = readMessages(text)
  if (!read.ok) {
    ports.strange(`an answer that cannot be read: ${read.refusal.code}`)
    return { at: 'silent', why: read.refusal.code }
  }
  const name = answerOf(request.op)
  const message = read.value.find((one) => one.name === name)
  // An answer to another number is of another call: of ours nothing is known.
  if (message !== undefined && (message.seqNo ?? header.seqNo) === header.seqNo) {
    return { at: 'answered', message }
  }
  if (read.value.some((one) => one.name === 'fault')) return { at: 'unable' }
  ports.strange(`${request.op} was answered by something else`)
  return { at: 'silent', why: 'another answer' }
}

type Post = {
  readonly socket: Socket
  readonly host: Address
  readonly request: Request
  readonly text: string
  readonly timeoutMs: number | undefined
  readonly pending: Set<ClientRequest>
}
type Posted =
  | { readonly came: true; readonly text: string }
  | { readonly came: false; readonly why: string }

/** One POST on a connection of its own: a call that waits for a customer never stands in the way of another. */
function post({ socket, host, request, text, timeoutMs, pending }: Post): Promise<Posted> {
  socket.setKeepAlive(true, keepAliveMs)
  return new Promise((resolve) => {
    const body = Buffer.from(text, 'utf8')
    const call = httpRequest({
      ...{ method: 'POST', path: servicePath, createConnection: () => socket },
      headers: {
        host: `${host.host}:${host.port}`,
        'content-type': 'text/xml; charset=utf-8',
        soapaction: soapActionOf(request.op),
        'content-length': body.length,
        connection: 'close',
      },
    })
    pending.add(call)
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => settle({ came: false, why: 'timeout' }), timeoutMs)
    const settle = (posted: Posted) => {
      clearTimeout(timer)
      pending.delete(call)
      resolve(posted)
      call.destroy()
    }
    const fail = (why: string) => settle({ came: false, why })
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
    call.on('close', () => fail('closed'))
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > xmlBytesMax) fail('too long')
        else chunks.push(chunk)
      })
      response.on('end', () => settle({ came: true, text: Buffer.concat(chunks).toString('utf8') }))
      // Half an answer is none.
      response.on('aborted', () => fail('cut off'))
      response.on('error', () => fail('cut off'))
    })
    call.end(body)
  })
}
