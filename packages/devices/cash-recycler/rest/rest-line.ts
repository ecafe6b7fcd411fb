import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { type Duplex, PassThrough } from 'node:stream'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { DriverPorts } from '../contract.ts'
import { type Address, connectPinned, type Pin, whyNot } from '../glory/pinned-connection.ts'
import { isRecord, readText, readWhole } from './read-rest.ts'

// The line to a polled machine: JSON over POST, and a token that dies. It knows paths and answers, and nothing of
// money. Every answer is bounded in time and size, and one that cannot be read is *no answer*.

/** Who we are to a machine. */
export type RestLogin = { readonly username: string; readonly password: string }

/** Where a machine is and who we are to it. */
export type RestMachine = RestLogin & {
  /** TLS on port 50301, or in the open on port 80 of an old one. */
  readonly address: Address
  /** It signs for itself: the first certificate is kept, and no other one is talked to. */
  readonly pin: Pin
}

/** Time, passed in so that a simulator owns it. */
export type Clock = {
  readonly now: () => number
  /** Runs `then` after `ms`; the answer takes it back. */
  readonly after: (ms: number, then: () => void) => () => void
}

export type RestRefusal =
  /** It may have heard us or not. */
  | { readonly code: 'no_answer'; readonly why: string }
  /** It does not know us: what was asked was not done. */
  | { readonly code: 'login' }
  /** It has no such path. */
  | { readonly code: 'missing' }
  /** Its own code, other than 0. */
  | { readonly code: 'refused'; readonly makerCode: number }

type Answer = Outcome<unknown, RestRefusal>

/** What came back for one POST: whatever it says, or why nothing did. */
export type Posted = Outcome<{ readonly status: number; readonly text: string }, NoAnswer>
type NoAnswer = Extract<RestRefusal, { code: 'no_answer' }>

/** Carries one text there and one back, within `answerMs`. */
export type Poster = {
  readonly post: (said: Said) => Promise<Posted>
  /** Breaks off what is under way. It may be used again. */
  readonly drop: () => void
}
export type Said = {
  readonly path: string
  readonly text: string
  readonly token: string | undefined
  /** It moves money, and is said once: over a connection of its own, since a kept one may be dead already. */
  readonly once: boolean
}

/** A machine answers within a second; a public client waits five. */
export const answerMs = 5_000
/** Levels of thirty faces are 6 kB. */
const answerBytesMax = 256 * 1024
/** A token lives 15 minutes; one that is older than this is renewed before it is used. */
const tokenMs = 12 * 60_000
/** Of one frame, in the raw log. */
const traceCharactersMax = 4_000

/** Speaks HTTP over connections whose certificate was looked at before a byte was sent. */
class PinnedAgent extends Agent {
  readonly #machine: RestMachine

  constructor(machine: RestMachine, keepAlive: boolean) {
    super({ keepAlive, maxSockets: 1 })
    this.#machine = machine
  }

  override createConnection(
    _: unknown,
    done: (error: Error | null, socket: Duplex) => void = () => {},
  ): undefined {
    void connectPinned(this.#machine.address, this.#machine.pin).then((connected) => {
      if (connected.ok) done(null, connected.value)
      // Of an error no socket is looked at.
      else done(new Error(whyNot(connected.refusal)), new PassThrough())
    })
  }
}

/** One machine's line. It may be used again after `drop`. */
export class RestLine {
  readonly #login: RestLogin
  readonly #poster: Poster
  readonly #clock: Clock
  readonly #trace: DriverPorts['trace']
  #token: { readonly text: string; readonly since: number } | undefined

  constructor(login: RestLogin, poster: Poster, clock: Clock, trace: DriverPorts['trace']) {
    this.#login = login
    this.#poster = poster
    this.#clock = clock
    this.#trace = trace
  }

  /** A new token, by name and password. */
  async login(): Promise<Answer> {
    this.#token = undefined
    const { username, password } = this.#login
    const answer = await this.#sign('/api/user/Login', { username, password })
    // Whatever its code, a machine that answers and gives no token does not let us in.
    const known = answer.ok || answer.refusal.code === 'no_answer'
    return known ? answer : refused({ code: 'login' })
  }

  /** Makes sure of the token, so that an act right after it is not refused for want of one. */
  async renew(): Promise<Answer> {
    if (this.#token === undefined) return this.login()
    const answer = await this.#sign('/api/user/RenewToken', {})
    return answer.ok ? answer : this.login()
  }

  /** Asks what changes nothing: a token that died in the middle is replaced, and the question repeated. */
  async ask(path: string): Promise<Answer> {
    const old = this.#token === undefined || this.#clock.now() - this.#token.since >= tokenMs
    const ready = old ? await this.renew() : accepted(undefined)
    if (!ready.ok) return ready
    const answer = await this.#say(path, {}, false)
    if (answer.ok || answer.refusal.code !== 'login') return answer
    const again = await this.login()
    return again.ok ? this.#say(path, {}, false) : again
  }

  /** Says what moves money, once, whatever comes of it. */
  act(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.#say(path, body, true)
  }

  /** Breaks off what is under way. */
  drop(): void {
    this.#poster.drop()
  }

  async #sign(path: string, body: unknown): Promise<Answer> {
    const answer = await this.#say(path, body, false)
    if (!answer.ok) return answer
    const text = isRecord(answer.value) ? readText(answer.value.token) : undefined
    if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) {
      return refused({ code: 'no_answer', why: 'no token' })
    }
    this.#token = { text, since: this.#clock.now() }
    return accepted(undefined)
  }

  async #say(path: string, body: unknown, once: boolean): Promise<Answer> {
    const text = JSON.stringify(body)
    const shown = path.endsWith('/Login') ? '(name and password)' : text
    this.#trace('out', `POST ${path} ${shown}`)
    const posted = await this.#poster.post({ path, text, token: this.#token?.text, once })
    const answer = posted.ok ? readAnswer(posted.value.status, posted.value.text) : posted
    this.#trace('in', traced(path, answer))
    return answer
  }
}

/** Over HTTP, to a machine whose certificate is known. */
export class HttpPoster implements Poster {
  readonly #machine: RestMachine
  readonly #clock: Clock
  #agent: Agent
  readonly #underWay = new Set<ClientRequest>()

  constructor(machine: RestMachine, clock: Clock) {
    this.#machine = machine
    this.#clock = clock
    this.#agent = this.#openAgent()
  }

  drop(): void {
    for (const request of this.#underWay) request.destroy()
    this.#agent.destroy()
    this.#agent = this.#openAgent()
  }

  #openAgent(keepAlive = true): Agent {
    return new PinnedAgent(this.#machine, keepAlive)
  }

  post({ path, text, token, once }: Said): Promise<Posted> {
    const request = requestHttp({
      ...{ method: 'POST', host: this.#machine.address.host, path },
      agent: once ? this.#openAgent(false) : this.#agent,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    return new Promise<Posted>((resolve) => {
      const end = (posted: Posted) => {
        stop()
        this.#underWay.delete(request)
        resolve(posted)
      }
      const fail = (why: string) => {
        end(refused({ code: 'no_answer', why }))
        request.destroy()
      }
      const stop = this.#clock.after(answerMs, () => fail('silence'))
      this.#underWay.add(request)
      request.on('error', ({ message }) => fail(message))
      request.on('close', () => fail('closed'))
      request.on('response', (response) => collect(response, end, fail))
      request.end(text)
    })
  }
}

function collect(
  response: IncomingMessage,
  end: (posted: Posted) => void,
  fail: (why: string) => void,
): void {
  const parts: Buffer[] = []
  let bytes = 0
  response.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > answerBytesMax) return fail('too long an answer')
    parts.push(part)
  })
  response.on('error', ({ message }) => fail(message))
  response.on('end', () =>
    response.complete
      ? end(
          accepted({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString('utf8'),
          }),
        )
      : fail('half an answer'),
  )
}

/** An answer is `{code, message, data}`; 0 is yes. */
export function readAnswer(status: number, text: string): Answer {
  if (status === 401 || status === 403) return refused({ code: 'login' })
  if (status === 404 || status === 405) return refused({ code: 'missing' })
  if (status !== 200) return refused({ code: 'no_answer', why: `HTTP ${status}` })
  if (isDeep(text)) return refused({ code: 'no_answer', why: 'too deep an answer' })
  const read = parseJson(text)
  const makerCode = isRecord(read) ? readWhole(read.code) : undefined
  if (!isRecord(read) || makerCode === undefined) {
    return refused({ code: 'no_answer', why: 'not the JSON that was expected' })
  }
  return makerCode === 0 ? accepted(read.data) : refused({ code: 'refused', makerCode })
}

/** An answer of the machine has four levels. What nests for ever can be read, but not be written to the log. */
const depthMax = 32

function isDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length && depth <= depthMax; at += 1) {
    const sign = text[at]
    if (quoted && sign === '\\') at += 1
    else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === '[' || sign === '{')) depth += 1
    else if (!quoted && (sign === ']' || sign === '}')) depth -= 1
  }
  return depth > depthMax
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function traced(path: string, answer: Answer): string {
  if (!answer.ok) return `${path} ${JSON.stringify(answer.refusal)}`
  const said = path.startsWith('/api/user/') ? '(a token)' : JSON.stringify(answer.value)
  return `${path} ${said}`.slice(0, traceCharactersMax)
}
