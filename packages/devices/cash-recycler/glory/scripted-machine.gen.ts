import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import type WebSocket from 'ws'
import { WebSocketServer } from 'ws'
import { certificates } from './certificates.gen.ts'

// A machine that says what a test tells it to: strict about what it is asked, and with no will of its own.

export type Asked = {
  /** The request's root without prefix: `ChangeRequest`. */
  readonly root: string
  readonly seqNo: string
  readonly sessionId: string | undefined
  readonly text: string
}

/** What it answers: XML, nothing ever, or a line that is cut. Without a word yet it waits. */
export type Script = (asked: Asked) => Promise<string | 'cut'> | string | 'cut'

const pick = (text: string, name: string) =>
  new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(text)?.[1]

export function readAsked(text: string): Asked {
  const root = /<(?:\w+:)?(\w+Request)[ />]/.exec(text)?.[1]
  const seqNo = pick(text, 'SeqNo')
  if (root === undefined || seqNo === undefined) throw new Error(`not a request: ${text}`)
  return { root, seqNo, sessionId: pick(text, 'SessionID'), text }
}

/** An answer as SOAP has it, with prefixes; `inner` is the fields after the common ones. */
export const answer = ({ root, seqNo }: Asked, result: number, inner = '') => {
  const name = root.replace(/Request$/, 'Response')
  return `<n:${name} n:result="${result}"><n:Id/><n:SeqNo>${seqNo}</n:SeqNo><n:User/>${inner}</n:${name}>`
}

export const cash = (type: number, pieces: Readonly<Record<number, number>>) =>
  `<Cash n:type="${type}">${Object.entries(pieces)
    .map(
      ([fv, count]) =>
        `<Denomination n:cc="THB" n:fv="${fv}" n:devid="${Number(fv) >= 2000 ? 1 : 2}"><n:Piece>${count}</n:Piece>` +
        '<n:Status>2</n:Status></Denomination>',
    )
    .join('')}</Cash>`

const bare = (xml: string) => xml.replaceAll('n:', '')

/** Transport A; events go where it was told to send them. */
export async function startSoapMachine(script: Script, secure = false, certificate = 0) {
  const asked: Asked[] = []
  let events: Socket | undefined
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = readAsked(Buffer.concat(chunks).toString('utf8'))
    const action =
      one.root === 'StatusRequest' ? 'GetStatus' : one.root.replace('Request', 'Operation')
    if (request.headers.soapaction !== action)
      throw new Error(`SOAPAction ${request.headers.soapaction}`)
    asked.push(one)
    if (one.root === 'RegisterEventRequest') {
      events = connect(Number(pick(one.text, 'Port')), String(pick(one.text, 'Url')))
      events.on('error', () => {})
    }
    const said = await script(one)
    if (said === 'cut') return void request.socket.destroy()
    response.setHeader('content-type', 'text/xml')
    response.end(
      '<?xml version="1.0"?><s:Envelope xmlns:s="s" xmlns:n="http://www.glory.co.jp/bruebox.xsd">' +
        `<s:Body>${said}</s:Body></s:Envelope>`,
    )
  }
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void serve(request, response)
  const server = secure
    ? createSecureServer({ ...(certificates[certificate] ?? certificates[0]) }, listener)
    : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    asked,
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    /** Says an event as it goes over the channel: no prefixes, and a NUL. */
    say: (xml: string) => events?.write(`<BbxEventRequest>${bare(xml)}</BbxEventRequest>\0`),
    raw: (bytes: Buffer) => events?.write(bytes),
    close: async () => {
      events?.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

type Settings = { readonly sessions?: boolean; readonly pong?: boolean }

/** Transport C. */
export async function startSocketMachine(
  script: Script,
  { sessions = false, pong = true }: Settings = {},
) {
  const asked: Asked[] = []
  const texts: string[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const sockets = new Set<WebSocket>()
  let session = 0
  const binary = (xml: string) =>
    Buffer.concat([
      Buffer.from([4]),
      Buffer.from(`<BbxEventRequest>${bare(xml)}</BbxEventRequest>\0`),
    ])
  const say = (xml: string) => {
    for (const socket of sockets) socket.send(binary(xml))
  }
  server.on('connection', (socket) => {
    sockets.add(socket)
    const emit = (...args: unknown[]) => socket.send(`42${JSON.stringify(args)}`)
    socket.on('close', () => sockets.delete(socket))
    socket.send('0{"sid":"x","upgrades":[],"pingInterval":1000,"pingTimeout":5000}')
    socket.send('40')
    socket.on('message', (data) => {
      const text = String(data)
      texts.push(text)
      if (text === '2') return void (pong && socket.send('3'))
      const [name, arg] = JSON.parse(text.slice(2)) as [string, string]
      if (name === 'check credential') emit('credential ok')
      if (name === 'getFunctionSetting') {
        const switches = { OccupyEnable: '0', SessionEnable: sessions ? '1' : '0' }
        emit('sendFunctionSetting', { FunctionSetting: switches })
      }
      if (name === 'openSession') emit('sendSessionID', { SessionID: `s${++session}` })
      if (name !== 'xml send') return
      if (!arg.endsWith('\0')) throw new Error('without a NUL')
      const one = readAsked(arg)
      asked.push(one)
      void Promise.resolve(script(one)).then((said) => {
        if (said === 'cut') socket.terminate()
        else socket.send(binary(said))
      })
    })
  })
  const bound = server.address()
  return {
    asked,
    texts,
    say,
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    close: async () => {
      for (const socket of sockets) socket.terminate()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
