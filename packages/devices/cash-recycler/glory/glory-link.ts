import { meaningOf } from './codes.ts'
import { beat, noBeats, silenceMsOf } from './heartbeat.ts'
import type { Answer, Line, LinePorts, Session } from './line.ts'
import type { Message } from './messages.ts'
import type { Header, Request } from './requests.ts'
import type { Time } from './time.ts'

// The line's life: it is opened, given a session and told where events go; kept alive, renewed where a session
// ran out, and opened anew when it is gone. What is moved by it is no matter of this file.

/** Opens whichever transport answers. */
export type OpenLine = (
  ports: LinePorts,
) => Promise<
  { readonly ok: true; readonly line: Line } | { readonly ok: false; readonly why: string }
>

export type LinkConfig = {
  /** Ours on the wire. */
  readonly id: string
  readonly openLine: OpenLine
  /** The time that the machine is set to. */
  readonly clock: () => Date
  readonly time: Time
  readonly leftSession?: string | undefined
  readonly onSession?: ((id: string | undefined) => void) | undefined
}

export type LinkPorts = {
  readonly hear: (message: Message) => void
  /** The line stands; false where the machine turned out not to answer. Nothing else is begun before. */
  readonly up: () => Promise<boolean>
  readonly down: (why: string) => void
  readonly strange: (about: string) => void
  readonly trace: LinePorts['trace']
  /** The machine was asked after a silence, and this is what it said. */
  readonly status: (message: Message) => void
}

export type Link = {
  /** A session that ran out is renewed; only what changes nothing is said again after that. */
  readonly ask: (request: Request, seqNo?: string) => Promise<Answer>
  readonly isUp: () => boolean
  readonly hasSessions: () => boolean
  /** Drops the line and begins anew. */
  readonly relink: (why: string) => void
  readonly close: () => Promise<void>
}

const relinkMs = { first: 1_000, most: 60_000 }
const usualMs = 30_000
/** A session that is not heard to end is found, and ended, by the next line. */
const closeMs = 2_000
/** Waits of calls; `undefined`: as long as the customer takes. All others end in *unknown*. */
const waits: { readonly [Op in Request['op']]?: number | undefined } = {
  change: undefined,
  status: 10_000,
  // 60 s were seen.
  adjust_time: 90_000,
  // 24 s were seen, and one that never ended.
  reset: 300_000,
  cashout: 300_000,
  collect: 600_000,
  verify: 600_000,
  end_cashin: 120_000,
  cashin_cancel: 120_000,
  end_replenish: 120_000,
  replenish_cancel: 120_000,
  end_cassette: 600_000,
}
const waitOf = (op: Request['op']) => (op in waits ? waits[op] : usualMs)
/** What may be said twice: it moves no money. */
const repeatable: ReadonlySet<Request['op']> = new Set([
  ...(['close', 'occupy', 'release', 'register', 'unregister', 'status', 'inventory'] as const),
  'adjust_time',
])

class GloryLink implements Link {
  readonly #config: LinkConfig
  readonly #ports: LinkPorts
  #line: Line | undefined
  #sessionId: string | undefined
  /** The last session that the machine gave us and that we have not ended. */
  #left: string | undefined
  #reopening: Promise<Session> | undefined
  #standing = false
  #closed = false
  #generation = 0
  #failures = 0
  #quiet = 0
  #beats = noBeats
  #stopSilence = () => {}
  #stopRelink = () => {}
  /** Until the lines before are closed. */
  #gone: Promise<unknown> = Promise.resolve()
  // Numbers of calls that are no attempt's. With a letter, so that no counter of a shop ever meets them.
  #calls: number

  constructor(config: LinkConfig, ports: LinkPorts) {
    this.#config = config
    this.#ports = ports
    this.#calls = Math.floor(config.time.now()) % 1_000_000_000
    this.#left = config.leftSession
    void this.#linkUp()
  }

  #callNumber(): string {
    return `Hx${String(this.#calls++ % 1_000_000_000).padStart(9, '0')}`
  }

  #headerOf(seqNo: string): Header {
    return { id: this.#config.id, seqNo, sessionId: this.#sessionId }
  }

  async ask(request: Request, seqNo?: string): Promise<Answer> {
    const own = this.#line
    if (own === undefined) return { at: 'unheard', why: 'no line' }
    const answer = await own.ask(
      this.#headerOf(seqNo ?? this.#callNumber()),
      request,
      waitOf(request.op),
    )
    const result = answer.at === 'answered' ? answer.message.result : undefined
    if (result === undefined || meaningOf(result) !== 'session' || own !== this.#line) return answer
    this.#reopening ??= own.openSession(this.#headerOf(this.#callNumber())).finally(() => {
      this.#reopening = undefined
    })
    const session = await this.#reopening
    if (own !== this.#line) return answer
    if (!session.opened) {
      this.#fall(`session: ${session.why}`)
      return answer
    }
    this.#keepSession(session.sessionId)
    // A register belongs to no session as far as anybody has seen; money is never asked for twice.
    if (!repeatable.has(request.op)) return answer
    return own.ask(this.#headerOf(this.#callNumber()), request, waitOf(request.op))
  }

  #keepSession(sessionId: string | undefined): void {
    this.#sessionId = sessionId
    if (this.#left === sessionId) return
    this.#left = sessionId
    this.#config.onSession?.(sessionId)
  }

  /**
   * Ends the session that a lost line or a process that died left behind: it may still occupy the machine, and until
   * it ran out nobody else, we least of all, could end work or begin any.
   */
  async #endLeft(line: Line, next: string | undefined): Promise<void> {
    if (this.#left === undefined || next === undefined) return
    const header = { id: this.#config.id, seqNo: this.#callNumber(), sessionId: this.#left }
    await line.ask(header, { op: 'close' }, closeMs)
  }

  async #register(): Promise<void> {
    const to = this.#line?.eventsTo()
    if (to === undefined) return
    await this.ask({ op: 'unregister', ...to })
    const answer = await this.ask({ op: 'register', ...to })
    const result = answer.at === 'answered' ? answer.message.result : answer.at
    if (result !== 0) this.#ports.strange(`events are not registered: ${String(result)}`)
  }

  #watch(): void {
    this.#stopSilence()
    if (!this.#standing || this.#closed) return
    // A machine that answers but sends no events is asked less and less often.
    const ms = silenceMsOf(this.#beats) * 2 ** Math.min(this.#quiet, 4)
    this.#stopSilence = this.#config.time.after(ms, () => void this.#checkSilence())
  }

  async #checkSilence(): Promise<void> {
    const own = this.#line
    const answer = await this.ask({ op: 'status' })
    if (own !== this.#line || this.#closed) return
    if (answer.at !== 'answered') return this.#fall('silent')
    this.#quiet += 1
    this.#ports.status(answer.message)
    await this.#register()
    if (own === this.#line) this.#watch()
  }

  #portsOf(mine: number): LinePorts {
    const current = () => mine === this.#generation && !this.#closed
    return {
      trace: this.#ports.trace,
      strange: this.#ports.strange,
      broken: (why) => current() && this.#fall(why),
      beat: () => {
        if (!current()) return
        this.#quiet = 0
        this.#watch()
      },
      hear: (message) => {
        if (!current()) return
        if (message.name === 'heartbeatevent')
          this.#beats = beat(this.#beats, this.#config.time.now())
        else this.#ports.hear(message)
      },
    }
  }

  /** Why it did not come to stand, `undefined` where it did. */
  async #tryLink(mine: number): Promise<string | undefined> {
    const opened = await this.#config.openLine(this.#portsOf(mine))
    if (!opened.ok) return opened.why
    if (this.#closed || mine !== this.#generation) {
      await opened.line.close()
      return 'dropped'
    }
    this.#line = opened.line
    const session = await this.#line.openSession(this.#headerOf(this.#callNumber()))
    if (mine !== this.#generation) return 'dropped'
    if (!session.opened) return `session: ${session.why}`
    await this.#endLeft(opened.line, session.sessionId)
    if (mine !== this.#generation) return 'dropped'
    this.#keepSession(session.sessionId)
    await this.#register()
    // It may take a minute, and nothing waits for it.
    void this.ask({ op: 'adjust_time', at: this.#config.clock() })
    if (!(await this.#ports.up())) return 'silent'
    return mine === this.#generation ? undefined : 'dropped'
  }

  async #linkUp(): Promise<void> {
    const mine = ++this.#generation
    const why = await this.#tryLink(mine)
    if (this.#closed || mine !== this.#generation) return
    if (why !== undefined) return this.#fall(why)
    this.#standing = true
    this.#failures = 0
    this.#quiet = 0
    this.#watch()
  }

  #fall(why: string): void {
    if (this.#closed) return
    this.#generation += 1
    this.#standing = false
    this.#sessionId = undefined
    this.#beats = { at: undefined, gapsMs: this.#beats.gapsMs }
    this.#stopSilence()
    this.#stopRelink()
    const old = this.#line
    this.#line = undefined
    this.#ports.down(why)
    const ms = Math.min(relinkMs.most, relinkMs.first * 2 ** Math.min(this.#failures, 10))
    this.#failures += 1
    // The port for events is free again before the next line listens on it.
    this.#gone = this.#gone.then(() => old?.close())
    const mine = this.#generation
    void this.#gone.then(() => {
      // A line that fell again meanwhile is opened once: of two, one would be forgotten, and keep the port.
      if (this.#closed || mine !== this.#generation) return
      this.#stopRelink = this.#config.time.after(ms, () => void this.#linkUp())
    })
  }

  isUp(): boolean {
    return this.#line !== undefined
  }

  hasSessions(): boolean {
    return this.#sessionId !== undefined
  }

  relink(why: string): void {
    this.#fall(why)
  }

  async close(): Promise<void> {
    const bye = this.#line
    // First of all: a line that falls while it says good-bye is not opened again.
    this.#closed = true
    this.#generation += 1
    this.#stopSilence()
    this.#stopRelink()
    this.#line = undefined
    if (bye !== undefined && this.#sessionId !== undefined) {
      const answer = await bye.ask(this.#headerOf(this.#callNumber()), { op: 'close' }, closeMs)
      if (answer.at === 'answered') this.#keepSession(undefined)
    }
    await Promise.all([this.#gone, bye?.close()])
  }
}

/** Opens a line and keeps it, with waits that grow, until it is closed. */
export const keepLink = (config: LinkConfig, ports: LinkPorts): Link => new GloryLink(config, ports)
