import { cutFrames } from '@tillkeeper/devices/cash-recycler/glory/event-listener.ts'
import type { Line, LinePorts } from '@tillkeeper/devices/cash-recycler/glory/line.ts'
import { writeSoap } from '@tillkeeper/devices/cash-recycler/glory/requests.ts'
import { hearFrame, readAnswer } from '@tillkeeper/devices/cash-recycler/glory/soap-line.ts'
import { textOf } from '@tillkeeper/devices/cash-recycler/glory/xml.ts'
import type { Fcc, FccPorts, Listener } from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import { callOf } from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import {
  childOf,
  readElement,
  writeSoap as writeAnswer,
} from '@tillkeeper/devices/cash-recycler/simulator/fcc-xml.ts'
import type { Random } from '../world/random.ts'
import type { Scheduler } from '../world/scheduler.ts'
import { type MemorySocket, openMemorySocket } from './memory-socket.ts'

// The SOAP line and its channel of events, with the network taken out: the same texts go both ways, in virtual
// time, and can be lost at any moment.

const latencyMs = 5
const redialMs = 5_000
const openTimeoutMs = 20_000

type Answer = Awaited<ReturnType<Line['ask']>>

/** A process that uses a line: it may end at any moment, and then hears nothing more. */
export type LineUser = {
  readonly isAlive: () => boolean
  /** A call of this name is about to be heard by the machine, or was. */
  readonly watch: (op: string, when: 'before' | 'after') => void
}

/** The wires between one machine and the process that lives now. */
export class Wires {
  readonly #world: Scheduler
  readonly #pending = new Set<() => void>()
  #hear: ((bytes: Buffer) => void) | undefined
  readonly #rnd: Random
  readonly #fire: (name: string) => void
  #listener: Listener | undefined
  #machine: Fcc | undefined
  #dialled = false
  #socket: MemorySocket | undefined
  /** What the machine has of the network. */
  readonly ports: Pick<FccPorts, 'dial' | 'hangUp' | 'cutAll'> = {
    dial: (_to, _numbers, done) => {
      this.#dialled = true
      this.#connect()
      done(true)
    },
    hangUp: () => this.#hangUp(),
    cutAll: () => {
      this.#hangUp()
      this.#cutPending()
      this.#socket?.cut()
    },
  }

  constructor(world: Scheduler, rnd: Random, fire: (name: string) => void) {
    this.#world = world
    this.#rnd = rnd
    this.#fire = fire
  }

  /** Cuts what is under way and the channel of events; the machine dials again. */
  cut(): void {
    this.#drop()
    this.#cutPending()
    this.#socket?.cut()
  }

  #connect(): void {
    if (this.#machine === undefined || !this.#dialled || this.#listener !== undefined) return
    let lastAt = 0
    const own: Listener = {
      send: (frame) => {
        const now = this.#world.nowMs()
        for (const part of this.#cut(Buffer.from(`${frame}\0`, 'utf8'))) {
          // In the order in which they were sent, however long each takes.
          lastAt = Math.max(now + latencyMs, lastAt + 1)
          this.#world.after(lastAt - now, () => {
            if (this.#listener === own) this.#hear?.(part)
          })
        }
      },
      drop: () => this.#drop(),
    }
    this.#listener = own
    this.#machine.listeners.add(own)
  }

  /** A frame as the network hands it on: whole, or in pieces that end anywhere. */
  #cut(bytes: Buffer): Buffer[] {
    if (!this.#rnd.chance(0.15)) return [bytes]
    this.#fire('frame in pieces')
    const at = [0, 1, 2].map(() => this.#rnd.below(bytes.length)).sort((a, b) => a - b)
    return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
  }

  #hangUp(): void {
    this.#dialled = false
    if (this.#listener !== undefined) this.#machine?.listeners.delete(this.#listener)
    this.#listener = undefined
  }

  #drop(): void {
    if (this.#listener !== undefined) this.#machine?.listeners.delete(this.#listener)
    this.#listener = undefined
    this.#world.after(redialMs, () => this.#connect())
  }

  #cutPending(): void {
    for (const cut of [...this.#pending]) cut()
  }

  /** The machine's socket, for a process. */
  openSocket(fcc: Fcc, line: LinePorts, user: LineUser): Line {
    const options = { world: this.#world, rnd: this.#rnd, fire: this.#fire }
    this.#socket = openMemorySocket({ ...options, fcc, line, user })
    return this.#socket.line
  }

  /** A line of a process. */
  open(fcc: Fcc, line: LinePorts, user: LineUser): Line {
    this.#machine = fcc
    let closed = false
    const push = cutFrames(
      (text) => hearFrame(text, line),
      () => line.strange('an event that is too long'),
    )
    const hear = (bytes: Buffer) => {
      if (!closed && user.isAlive()) push(bytes)
    }
    this.#hear = hear
    const ask: Line['ask'] = async (header, request, timeoutMs) =>
      closed
        ? { at: 'unheard', why: 'closed' }
        : this.#ask({ fcc, line, user, header, request, timeoutMs })
    return {
      ...{ kind: 'soap', ask },
      openSession: (header) => openSession(ask, header),
      eventsTo: () => ({ host: '127.0.0.1', port: 55_561 }),
      close: async () => {
        closed = true
        this.#cutPending()
        if (this.#hear === hear) this.#hear = undefined
      },
    }
  }

  #ask(asked: Asked): Promise<Answer> {
    const { fcc, line, user, header, request, timeoutMs } = asked
    const after = this.#world.after
    return new Promise((resolve) => {
      let stop = () => {}
      const settle = (answer: Answer) => {
        stop()
        this.#pending.delete(cut)
        if (user.isAlive()) resolve(answer)
      }
      const cut = () => settle({ at: 'silent', why: 'cut off' })
      this.#pending.add(cut)
      if (timeoutMs !== undefined) {
        stop = after(timeoutMs, () => settle({ at: 'silent', why: 'timeout' }))
      }
      user.watch(request.op, 'before')
      const text = writeSoap(header, request)
      const answered = (came: string) => settle(readAnswer(came, header, request, line))
      after(latencyMs, () => {
        // Cut, or its process gone, before it left.
        if (!this.#pending.has(cut) || !user.isAlive()) return
        if (!fcc.isUp) return settle({ at: 'unheard', why: 'refused' })
        const [body] = childOf(readElement(text), 'Body')?.children ?? []
        if (body === undefined) throw new Error(`not a request: ${text}`)
        const call = callOf(body, (node, wrong) => {
          after(latencyMs, () => {
            if (!this.#pending.has(cut)) return
            if (node === undefined) return cut()
            if (wrong === 'oversized') return settle({ at: 'silent', why: 'too long' })
            const whole = writeAnswer(node)
            answered(wrong === 'malformed' ? whole.slice(0, whole.length / 2) : whole)
          })
        })
        if (!fcc.ask(call)) settle({ at: 'unable' })
        user.watch(request.op, 'after')
      })
    })
  }
}

type Asked = {
  readonly fcc: Fcc
  readonly line: LinePorts
  readonly user: LineUser
  readonly header: Parameters<Line['ask']>[0]
  readonly request: Parameters<Line['ask']>[1]
  readonly timeoutMs: number | undefined
}

async function openSession(
  ask: Line['ask'],
  header: Asked['header'],
): ReturnType<Line['openSession']> {
  const login = { user: 'glory', password: 'glory' }
  const answer = await ask(header, { op: 'open', ...login }, openTimeoutMs)
  if (answer.at !== 'answered') return { opened: false, why: answer.at }
  const { result, body } = answer.message
  if (result === 20) return { opened: true, sessionId: undefined }
  if (result === 0) return { opened: true, sessionId: textOf(body, 'sessionid') }
  return { opened: false, why: `login ${result ?? 'without result'}` }
}
