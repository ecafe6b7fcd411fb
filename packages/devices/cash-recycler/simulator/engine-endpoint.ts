import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { callOf, type Fcc, frameOf, type Listener, oversizedChars } from './fcc.ts'
import { functionSetting } from './fcc-calls.ts'
import { type Node, readElement } from './fcc-xml.ts'

// The machine's Node.js side: Engine.IO 3 over a WebSocket, with named events. Commands and news on one line.

const socketPath = '/socket.io/'
const frameBytesMax = 1_000_000

const rights = [
  ...['admin', 'cashout', 'collect', 'collect_banknote', 'collect_both', 'collect_coin'],
  ...['collect_manual', 'collect_towatermark', 'collect_tozero', 'collect_verify', 'rbwULunlock'],
  ...['rbwunlock', 'rcwunlock', 'refill', 'replenishment', 'sealing'],
]

/** Serves sockets on this server, and says how to cut them all. */
export function serveEngine(fcc: () => Fcc, server: Server, pingIntervalMs: number) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: frameBytesMax })
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://machine')
    const fits = searchParams.get('transport') === 'websocket' && searchParams.get('EIO') === '3'
    if (pathname !== socketPath || !fits || !fcc().isUp) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, (line) => serveLine(fcc(), line, pingIntervalMs))
  })
  const cutAll = () => {
    for (const line of sockets.clients) line.terminate()
  }
  return { cutAll }
}

function serveLine(fcc: Fcc, line: WebSocket, pingInterval: number): void {
  const listener: Listener = {
    send: (frame) => line.send(binary(frame)),
    drop: () => line.terminate(),
  }
  fcc.listeners.add(listener)
  line.on('close', () => fcc.listeners.delete(listener))
  line.on('error', () => line.terminate())
  const sid = randomBytes(15).toString('base64url')
  line.send(`0${JSON.stringify({ sid, upgrades: [], pingInterval, pingTimeout: 5_000 })}`)
  line.send('40')
  line.on('message', (data, isBinary) => {
    const text = String(data)
    if (isBinary) return
    if (text.startsWith('2')) line.send(`3${text.slice(1)}`)
    else if (text === '1' || text === '41') line.close()
    else if (text.startsWith('42')) hearEvent(fcc, line, listener, text.slice(2))
  })
}

/** Engine.IO 3 marks a binary message by its first byte; the machine ends every XML by a NUL. */
const binary = (xml: string) => Buffer.concat([Buffer.from([4]), Buffer.from(`${xml}\0`)])

function hearEvent(fcc: Fcc, line: WebSocket, listener: Listener, json: string): void {
  let event: unknown
  try {
    event = JSON.parse(json)
  } catch {
    line.terminate()
    return
  }
  const [name, first, second] = Array.isArray(event) ? (event as unknown[]) : []
  const emit = (...content: unknown[]) => line.send(`42${JSON.stringify(content)}`)
  const now = fcc.ports.clock.now()
  const { soapUserCheck, users, sessionEnable } = fcc.settings.current
  const login = (user: string, password: string) =>
    !soapUserCheck || (Object.hasOwn(users, user) && users[user] === password)
  if (fcc.moods.hang) return
  switch (name) {
    case 'login request': {
      const ok = login(String(first), String(second))
      const all = Object.fromEntries(rights.map((right) => [right, ok ? 1 : 0]))
      emit('login response', {
        ret: ok ? 0 : 1,
        id: String(first),
        session_id: ok ? 'web-1' : '',
        ...all,
      })
      return
    }
    case 'check credential':
      emit(!soapUserCheck || first === 'web-1' ? 'credential ok' : 'credential ng')
      return
    case 'getFunctionSetting':
      emit('sendFunctionSetting', { FunctionSetting: functionSetting(fcc) })
      return
    case 'openSession': {
      if (!sessionEnable) return
      // Who speaks here has shown who it is by its credential.
      const user = Object.keys(users)[0] ?? ''
      const { sessionId } = fcc.sessions.open(user, users[user] ?? '', now)
      if (sessionId !== undefined) emit('sendSessionID', { SessionID: sessionId })
      return
    }
    case 'xml send':
      hearXml(fcc, line, listener, String(first))
  }
}

function hearXml(fcc: Fcc, line: WebSocket, listener: Listener, xml: string): void {
  const request = readElement(xml)
  if (request === undefined) return
  const answer = (node: Node | undefined, wrong?: 'malformed' | 'oversized') => {
    if (node === undefined) return line.terminate()
    const whole = frameOf(node)
    if (wrong === 'malformed') return line.send(binary(whole.slice(0, whole.length / 2)))
    if (wrong === 'oversized') return line.send(binary('y'.repeat(oversizedChars)))
    const before = fcc.moods.twoRoots ? frameOf(fcc.heartBeat()) : ''
    line.send(binary(before + whole))
  }
  // What it does not know it passes over in silence.
  fcc.ask(callOf(request, answer, listener))
}
