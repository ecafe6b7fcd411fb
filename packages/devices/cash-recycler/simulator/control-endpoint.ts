import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { type Fcc, type Moods, type WireFault, wireFaultKinds } from './fcc.ts'
import { statusOf, truthOf } from './fcc-money.ts'
import type { Settings } from './fcc-sessions.ts'
import { listPieces } from './held-money.ts'
import { type Input, worthInside } from './machine-model.ts'
import { booked, levelOf } from './machine-state.ts'

// What no protocol has: the machine's truth, a customer's hands, and a way to break it. A page uses it, and tests.

const bodyBytesMax = 100_000
const page = new URL('./page.html', import.meta.url)
const script = new URL('./page.ts', import.meta.url)
// Many computers have no Thai letters of their own.
const fontFile = '@fontsource/ibm-plex-sans-thai/files/ibm-plex-sans-thai-thai-500-normal.woff2'
const font = new URL(import.meta.resolve(fontFile))

/** What hands and bad luck may do; what a till does goes by the protocol. */
const byHand = new Set<Input['is']>([
  ...(['insert', 'take', 'open_cover', 'empty_boxes', 'power_cycle', 'arm', 'misbook'] as const),
  'doubt',
])

/** `POST /do` takes one of these. */
export type Deed =
  | { readonly hands: Input }
  | { readonly wire: WireFault }
  | { readonly moods: Partial<Moods> }
  | { readonly settings: Partial<Settings> }

export function serveControl(fccOf: () => Fcc): RequestListener {
  return (request, response) => {
    const fcc = fccOf()
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
    if (key === 'GET /state') return sendJson(response, 200, stateOf(fcc))
    if (key === 'GET /news') return streamState(fcc, request, response)
    if (key === 'POST /do') {
      // A page of another origin cannot send this type without asking first, and it is told no.
      if (!request.headers['content-type']?.startsWith('application/json')) {
        return sendJson(response, 415, { refused: 'not JSON' })
      }
      return readDeed(request, (deed) => {
        const refusal = deed === undefined ? 'bad_request' : tryAct(fcc, deed)
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
function tryAct(fcc: Fcc, deed: Deed): string | undefined {
  try {
    return act(fcc, deed)
  } catch {
    return 'bad_request'
  }
}

function act(fcc: Fcc, deed: Deed): string | undefined {
  if ('hands' in deed) return byHand.has(deed.hands.is) ? fcc.tell(deed.hands) : 'bad_request'
  if ('wire' in deed) {
    if (!wireFaultKinds.includes(deed.wire.kind)) return 'bad_request'
    fcc.arm(deed.wire)
  } else if ('moods' in deed) Object.assign(fcc.moods, deed.moods)
  else if ('settings' in deed) {
    fcc.settings.current = { ...fcc.settings.current, ...deed.settings }
  } else return 'bad_request'
  fcc.changed()
  return undefined
}

/** All that there is to see, the truth with what the machine believes. */
export function stateOf(fcc: Fcc) {
  const { machine, moods, fired, settings, destinations } = fcc
  const { profile, operation } = machine
  const lies = (place: 'entrance' | 'escrow' | 'exit' | 'reject' | 'gate' | 'transport') =>
    listPieces(machine.held, place).map(({ piece, count }) => ({ ...piece, count }))
  return {
    profile: profile.name,
    currency: profile.currency,
    phase: machine.phase,
    status: statusOf(machine.phase, operation?.kind),
    operation: operation ?? null,
    error: machine.error ?? null,
    unsure: machine.unsure,
    worthInside: worthInside(machine),
    units: profile.units.map((unit) => ({
      ...unit,
      level: levelOf(machine, unit),
      booked: Object.fromEntries(unit.faces.map((face) => [face, booked(machine, unit, face)])),
      truth: truthOf(machine, unit),
    })),
    places: {
      ...{ entrance: lies('entrance'), escrow: lies('escrow'), exit: lies('exit') },
      ...{ reject: lies('reject'), gate: lies('gate'), transport: lies('transport') },
    },
    ...{ moods, fired, settings: settings.current, destinations: [...destinations.keys()] },
  }
}
export type MachineView = ReturnType<typeof stateOf>

const streams = new WeakMap<Fcc, Set<ServerResponse>>()
const streamsMax = 20

function streamState(fcc: Fcc, request: IncomingMessage, response: ServerResponse) {
  const open = streams.get(fcc) ?? new Set()
  streams.set(fcc, open)
  if (open.size >= streamsMax) return sendJson(response, 503, { refused: 'busy' })
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  open.add(response)
  request.on('close', () => open.delete(response))
  const tell = () => {
    for (const line of open) line.write(`data: ${JSON.stringify(stateOf(fcc))}\n\n`)
  }
  fcc.changed = tell
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
