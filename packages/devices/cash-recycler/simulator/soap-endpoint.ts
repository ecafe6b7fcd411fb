import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { callOf, type Fcc, oversizedChars } from './fcc.ts'
import { childOf, type Node, readElement, writeFault, writeSoap } from './fcc-xml.ts'

// The machine's SOAP service: one path, dispatched by SOAPAction and by the body's root, which have to agree.

export const soapPath = '/axis2/services/BrueBoxService'
const bodyBytesMax = 1_000_000

/** `GetStatus` for `StatusRequest`; `ChangeOperation` for `ChangeRequest`; `StartDownload` is its own. */
function actionOf(root: string): string {
  return root === 'StatusRequest' ? 'GetStatus' : root.replace(/Request$/, 'Operation')
}

export function serveSoap(fcc: Fcc): RequestListener {
  return (request, response) => {
    if (!fcc.isUp) {
      request.socket.destroy()
      return
    }
    const { pathname } = new URL(request.url ?? '/', 'http://machine')
    if (pathname !== soapPath) return send(response, 404, 'no such service')
    if (request.method !== 'POST') return send(response, 405, 'POST only')
    readBody(request, (text) => {
      if (text === undefined) return send(response, 413, 'too large')
      answerSoap(fcc, request, response, text)
    })
  }
}

function answerSoap(fcc: Fcc, request: IncomingMessage, response: ServerResponse, text: string) {
  const envelope = readElement(text)
  const [body] = childOf(envelope, 'Body')?.children ?? []
  if (envelope?.name !== 'Envelope' || body === undefined) {
    return send(response, 500, writeFault('Client', 'not a SOAP envelope'))
  }
  const action = String(request.headers.soapaction ?? '').replaceAll('"', '')
  if (action !== actionOf(body.name)) {
    return send(response, 500, writeFault('Client', `${action} does not take ${body.name}`))
  }
  const answer = (node: Node | undefined, wrong?: 'malformed' | 'oversized') => {
    if (node === undefined) {
      request.socket.destroy()
      return
    }
    const whole = writeSoap(node)
    if (wrong === 'malformed') return send(response, 200, whole.slice(0, whole.length / 2))
    if (wrong === 'oversized') return send(response, 200, `<x>${'y'.repeat(oversizedChars)}</x>`)
    send(response, 200, whole)
  }
  if (!fcc.ask(callOf(body, answer))) {
    send(response, 500, writeFault('Client', `no operation takes ${body.name}`))
  }
}

function readBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= bodyBytesMax) chunks.push(chunk)
  })
  request.on('end', () => {
    done(bytes > bodyBytesMax ? undefined : Buffer.concat(chunks).toString('utf8'))
  })
  request.on('error', () => {})
}

function send(response: ServerResponse, code: number, text: string): void {
  if (response.destroyed || response.headersSent) return
  const type = text.startsWith('<') ? 'text/xml; charset=utf-8' : 'text/plain'
  response.writeHead(code, { 'content-type': type })
  response.end(text)
}
