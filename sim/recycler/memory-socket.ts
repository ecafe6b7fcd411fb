import type { Line, LinePorts } from '@tillkeeper/devices/cash-recycler/glory/line.ts'
import { answerOf, writeBare } from '@tillkeeper/devices/cash-recycler/glory/requests.ts'
import { type Pending, takeXml } from '@tillkeeper/devices/cash-recycler/glory/socket-line.ts'
import { xmlBytesMax } from '@tillkeeper/devices/cash-recycler/glory/xml.ts'
import {
  callOf,
  type Fcc,
  frameOf,
  type Listener,
  oversizedChars,
} from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import { readElement } from '@tillkeeper/devices/cash-recycler/simulator/fcc-xml.ts'
import type { Random } from '../world/random.ts'
import type { Scheduler } from '../world/scheduler.ts'
import type { LineUser } from './memory-line.ts'

// The machine's socket with the network taken out: calls, answers and events on one line, in virtual time. What is
// read of it is read by the socket's own reader.

const latencyMs = 5

type Options = {
  readonly world: Scheduler
  readonly rnd: Random
  readonly fire: (name: string) => void
  readonly fcc: Fcc
  readonly line: LinePorts
  readonly user: LineUser
}

export type MemorySocket = { readonly line: Line; readonly cut: () => void }

export function openMemorySocket(options: Options): MemorySocket {
  const socket = new Socket(options)
  const line: Line = {
    ...{ kind: 'socket', eventsTo: () => undefined },
    openSession: async () => socket.openSession(),
    close: async () => socket.end('closed'),
    ask: (header, request, timeoutMs) => socket.ask(header, request, timeoutMs),
  }
  return { cut: () => socket.cut(), line }
}

class Socket {
  readonly #with: Options
  readonly #pending: Pending[] = []
  readonly #listener: Listener
  #open = true

  constructor(options: Options) {
    this.#with = options
    this.#listener = {
      send: (frame) => this.#receive(`\u0004${frame}\0`),
      drop: () => this.cut(),
    }
    options.fcc.listeners.add(this.#listener)
  }

  end(why: string): void {
    if (!this.#open) return
    this.#open = false
    this.#with.fcc.listeners.delete(this.#listener)
    for (const { settle } of this.#pending.splice(0)) settle({ at: 'silent', why })
  }

  cut(): void {
    if (!this.#open) return
    this.end('cut')
    if (this.#with.user.isAlive()) this.#with.line.broken('cut')
  }

  #receive(text: string): void {
    const { world, user, line } = this.#with
    world.after(latencyMs, () => {
      if (!this.#open || !user.isAlive()) return
      // The socket's library takes no longer message.
      if (text.length > xmlBytesMax) return this.cut()
      line.beat()
      takeXml(text, this.#pending, line)
    })
  }

  #answered(whole: string, wrong: 'malformed' | 'oversized' | undefined): void {
    const { rnd, fire, fcc } = this.#with
    const twice = wrong === undefined && rnd.chance(0.1)
    if (twice) fire('two roots')
    if (wrong === 'malformed') this.#receive(whole.slice(0, whole.length / 2))
    else if (wrong === 'oversized') this.#receive('y'.repeat(oversizedChars))
    else this.#receive((twice ? frameOf(fcc.heartBeat()) : '') + whole)
  }

  openSession(): Awaited<ReturnType<Line['openSession']>> {
    const { fcc, world } = this.#with
    if (!this.#open || !fcc.isUp) return { opened: false, why: 'no settings' }
    if (!fcc.settings.current.sessionEnable) return { opened: true, sessionId: undefined }
    const { sessionId } = fcc.sessions.open('glory', 'glory', world.nowMs())
    return sessionId === undefined
      ? { opened: false, why: 'no session' }
      : { opened: true, sessionId }
  }

  ask(...[header, request, timeoutMs]: Parameters<Line['ask']>): ReturnType<Line['ask']> {
    const { world, user } = this.#with
    return new Promise((resolve) => {
      if (!this.#open) return resolve({ at: 'unheard', why: 'closed' })
      let stop = () => {}
      const entry: Pending = {
        name: answerOf(request.op),
        seqNo: header.seqNo,
        settle: (answer) => {
          stop()
          if (user.isAlive()) resolve(answer)
        },
      }
      if (timeoutMs !== undefined) {
        stop = world.after(timeoutMs, () => {
          const at = this.#pending.indexOf(entry)
          if (at !== -1) this.#pending.splice(at, 1)
          entry.settle({ at: 'silent', why: 'timeout' })
        })
      }
      this.#pending.push(entry)
      user.watch(request.op, 'before')
      const text = writeBare(header, request)
      world.after(latencyMs, () => this.#hear(request.op, text))
    })
  }

  #hear(op: string, text: string): void {
    const { user, fcc } = this.#with
    if (!this.#open || !user.isAlive()) return
    const body = readElement(text)
    if (body === undefined) throw new Error(`not a request: ${text}`)
    const answer: Parameters<typeof callOf>[1] = (node, wrong) =>
      node === undefined ? this.cut() : this.#answered(frameOf(node), wrong)
    fcc.ask(callOf(body, answer, this.#listener))
    user.watch(op, 'after')
  }
}
