import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { Deed, Hands } from './hands.ts'

// What no protocol has: the machine's truth, a customer's hands, and a way to break it. A page uses it, and tests.

const bodyBytesMax = 100_000
const page = new URL('./page.html', import.meta.url)
const script = new URL('./page.ts', import.meta.url)
// Many computers have no Thai letters of their own.
const fontFile = '@fontsource/ibm-plex-sans-thai/files/ibm-plex-sans-thai-thai-500-normal.woff2'
const font = new URL(import.meta.resolve(fontFile))

/** Serves the page of one machine, its state, and what hands do to it. */
export function serveControl(handsOf: () => Hands): RequestListener {
  return (request, response) => {
    const hands = handsOf()
    const { pathname } = new URL(request.url ?? '/', 'http://machine')
    const key = `${request.method} ${pathname}`
    if (key === 'GET /') return send(response, 200, 'text/html', readFileSync(page, 'utf8'))
    if (key === 'GET /page.js') {
      return send(response, 200, 'text/javascript', readScript())
    }
    if (key === 'GET /thai.woff2') {
      response.writeHead(200, { 'content-type': 'font/woff2' }).end(readFileSync(font))
      return
    }
    if (key === 'GET /state') return sendJson(response, 200, hands.state())
    if (key === 'GET /news') return streamState(hands, request, response)
    if (key === 'POST /do') {
      // A page of another origin cannot send this type without asking first, and it is told no.
      if (!request.headers['content-type']?.startsWith('application/json')) {
        return sendJson(response, 415, { refused: 'not JSON' })
      }
      return readDeed(request, (deed) => {
        const refusal = deed === undefined ? 'bad_request' : tryAct(hands, deed)
        sendJson(response, refusal === undefined ? 200 : 409, { refused: refusal ?? null })
      })
    }
    send(response, 404, 'text/plain', 'not here')
  }
}

function readScript(): string {
  return stripTypeScriptTypes(readFileSync(script, 'utf8'))
}

/** What a person wrote by hand may be no deed at all. */
function tryAct(hands: Hands, deed: Deed): string | undefined {
  try {
    return hands.act(deed)
  } catch {
    return 'bad_request'
  }
}

const streams = new WeakMap<Hands, Set<ServerResponse>>()
const streamsMax = 20

function streamState(hands: Hands, request: IncomingMessage, response: ServerResponse) {
  const known = streams.get(hands)
  const open = known ?? new Set()
  if (open.size >= streamsMax) return sendJson(response, 503, { refused: 'busy' })
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  open.add(response)
  request.on('close', () => open.delete(response))
  const tell = () => {
    if (open.size === 0) return
    const text = `data: ${JSON.stringify(hands.state())}\n\n`
    for (const line of open) line.write(text)
  }
  if (known === undefined) {
    streams.set(hands, open)
    hands.watch(tell)
  }
  tell()
}

function readDeed(request: IncomingMessage, done: (deed: Deed | undefined) => void): void {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    if (text.length + chunk.length <= bodyBytesMax) text += chunk
  })
  request.on('end', () => {
    try {
      const deed: unknown = JSON.parse(text)
      done(typeof deed === 'object' && deed !== null ? (deed as Deed) : undefined)
    } catch {
      done(undefined)
    }
  })
  request.on('error', () => {})
}

const sendJson = (response: ServerResponse, code: number, value: unknown) =>
  send(response, code, 'application/json', JSON.stringify(value))

function send(response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { 'content-type': `${type}; charset=utf-8` }).end(text)
}
