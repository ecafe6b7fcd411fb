import { calls } from './fcc-calls.ts'
import { eventNumbers, eventsOf, incompleteEvent, type Running } from './fcc-events.ts'
import { resultOf } from './fcc-money.ts'
import { Sessions, type Settings } from './fcc-sessions.ts'
import { type Element, type Node, node, textOf, writeBare } from './fcc-xml.ts'
import { type Input, type StepRefusal, step } from './machine-model.ts'
import type { Machine, News, Operation, Result } from './machine-state.ts'

// The controller in the machine: it takes calls over any line, answers when they are done, and tells everybody
// what happens. It knows no socket and no clock of its own, so that a world of simulated shops can drive it.

/** Time: now, and a call after so many milliseconds. The answer stops it. */
export type Clock = {
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
}

/** Who hears the machine: one that registered, or one on its socket. */
export type Listener = {
  readonly send: (frame: string) => void
  /** Cuts the line. */
  readonly drop: () => void
  /** Events that it asked for, by number; all where it did not say. */
  readonly numbers?: ReadonlySet<number>
}

export type Destination = { readonly host: string; readonly port: number }

/** The outside of the controller. */
export type FccPorts = {
  readonly clock: Clock
  /** Connects to one that registered, and keeps trying when that line is lost. Tells whether it came about. */
  readonly dial: (
    to: Destination,
    numbers: ReadonlySet<number> | undefined,
    done: (reached: boolean) => void,
  ) => void
  readonly hangUp: (to: Destination) => void
  /** Power went: every line is cut. */
  readonly cutAll: () => void
}

export type FccTimings = {
  readonly adjustTimeMs: number
  readonly heartbeatMs: number
}

/** What goes wrong on the wire: once, with the next that fits. */
export const wireFaultKinds = [
  /** It is done, and the asker never hears; with `copies` nobody else does either. */
  'drop_reply',
  'malformed_reply',
  'oversized_reply',
  'malformed_event',
  'oversized_event',
  /** A call never comes to it: the line is cut under it. Its `root` is that of the request. */
  'lose_call',
  /** Every line is cut when it begins to take, or to give. */
  'cut_starting',
  'cut_giving',
] as const

export type WireFault = {
  readonly kind: (typeof wireFaultKinds)[number]
  /** The root that it waits for, such as `ChangeResponse`. */
  readonly root?: string
  readonly copies?: boolean
}

/** What is wrong until it is put right. */
export type Moods = {
  /** It takes calls and says nothing. */
  hang: boolean
  /** Events in pieces, or several at once. */
  chop: 'whole' | 'split' | 'merge'
  /** Over the socket an event and an answer in one message. */
  twoRoots: boolean
  /** Another client holds the lock. */
  otherOccupies: boolean
}

/** One call, and how it is answered. */
export type Call = {
  readonly root: string
  readonly request: Element
  readonly id: string
  readonly seqNo: string
  readonly sessionId: string | undefined
  /** `undefined`: the line is cut instead. */
  readonly answer: (response: Node | undefined, wrong?: 'malformed' | 'oversized') => void
  /** The asker's own socket, which gets no copy beside its answer. */
  readonly listener?: Listener
}

type Work = Running & { readonly ref: string; call: Call | undefined }

export class Fcc {
  readonly settings: { current: Settings }
  readonly sessions: Sessions
  readonly ports: FccPorts
  readonly timings: FccTimings
  readonly destinations = new Map<string, Destination>()
  readonly listeners = new Set<Listener>()
  readonly moods: Moods = { hang: false, chop: 'whole', twoRoots: false, otherOccupies: false }
  /** The numbers of the work with money that it began, in order. */
  readonly begun: string[] = []
  /** How often each fault came to pass. */
  readonly fired: Record<string, number> = {}
  readonly serialNo = '0123456789'
  machine: Machine
  /** Called after every change, for a page that shows the machine. */
  changed: () => void = () => {}
  #wireFaults: WireFault[] = []
  #work: Work | undefined
  #cutOff: Work | undefined
  /** A deposit that broke off, until the asker ends it. */
  #unclaimed: { operation: Operation; result: Result; work: Work } | undefined
  readonly #resets: Call[] = []
  #count = 0
  #stopTimer: () => void = () => {}
  #stopHeart: () => void = () => {}

  constructor(machine: Machine, settings: Settings, timings: FccTimings, ports: FccPorts) {
    this.machine = machine
    this.settings = { current: settings }
    this.sessions = new Sessions(() => this.settings.current)
    this.timings = timings
    this.ports = ports
    this.#beat()
  }

  close(): void {
    this.#stopTimer()
    this.#stopHeart()
  }

  arm(fault: WireFault): void {
    this.#wireFaults.push(fault)
  }

  get isUp(): boolean {
    return this.machine.phase !== 'off'
  }

  /** A request by its root, over whatever line. `false`: no such call. */
  ask(call: Call): boolean {
    const handle = Object.hasOwn(calls, call.root) ? calls[call.root] : undefined
    if (handle === undefined) return false
    if (this.moods.hang || !this.isUp) {
      if (this.moods.hang) this.#fire('hang')
      return true
    }
    if (this.#take('lose_call', call.root) !== undefined) {
      call.answer(undefined)
      return true
    }
    const refusal = this.#mayAsk(call, handle)
    if (refusal === 0) handle.run(this, call)
    else this.reply(call, refusal)
    return true
  }

  #mayAsk(call: Call, { lock, session }: { lock: boolean; session: boolean }): number {
    const checked = session ? this.sessions.check(call.sessionId, this.ports.clock.now()) : 0
    if (checked !== 0 || !lock) return checked
    if (this.moods.otherOccupies) {
      this.#fire('other_occupies')
      return 3
    }
    if (this.settings.current.occupyEnable) {
      const { occupant } = this.sessions
      if (occupant === undefined) return 5
      if (occupant !== this.holderOf(call)) return 3
    }
    return this.sessions.isRepeated(call.id, call.seqNo) ? 96 : 0
  }

  /** By what the lock knows a client. */
  holderOf({ sessionId, id }: Call): string {
    return this.settings.current.sessionEnable ? (sessionId ?? '') : `id ${id}`
  }

  /** Gives the machine an input, tells what came of it, and sees that its own time goes on. */
  tell(input: Input): StepRefusal['code'] | undefined {
    const now = this.ports.clock.now()
    this.#step({ is: 'tick' }, now)
    const refusal = input.is === 'tick' ? undefined : this.#step(input, now)
    this.#wind()
    this.changed()
    return refusal
  }

  #step(input: Input, now: number): StepRefusal['code'] | undefined {
    const done = step(this.machine, input, now)
    if (!done.ok) return done.refusal.code
    this.machine = done.value.machine
    for (const news of done.value.news) this.#hear(news)
    return undefined
  }

  #wind(): void {
    this.#stopTimer()
    const { dueAt } = this.machine
    if (dueAt === undefined) return
    const { clock } = this.ports
    this.#stopTimer = clock.after(Math.max(0, dueAt - clock.now()), () => this.tell({ is: 'tick' }))
  }

  /** Work with money begins: its answer comes when it ends, or now for one that has a call to end it. */
  begin(call: Call, input: Input, twoPart: boolean, shortResult = 10): void {
    // What is due by now is of the work before, and is told as such.
    const now = this.ports.clock.now()
    this.#step({ is: 'tick' }, now)
    this.#count += 1
    const work: Work = {
      ref: String(this.#count),
      transactionId: `0001${String(this.#count).padStart(9, '0')}`,
      name: call.root.replace(/^Start|Request$/g, ''),
      seqNo: call.seqNo,
      user: this.sessions.userOf(call.sessionId),
      call: twoPart ? undefined : call,
    }
    const was = this.#work
    this.#work = work
    const refusal = this.#step({ ...input, ref: work.ref } as Input, now)
    this.#wind()
    this.changed()
    if (refusal !== undefined) {
      this.#work = was
      const short = refusal === 'short' ? shortResult : undefined
      this.reply(call, short ?? refusals[refusal])
      return
    }
    this.#unclaimed = undefined
    this.begun.push(call.seqNo)
    if (twoPart) this.reply(call, 0)
  }

  /** The second part of a deposit or replenishment; its answer says what was counted. */
  endWork(call: Call, input: Input): void {
    const broken = this.#unclaimed
    if (broken !== undefined) {
      this.#unclaimed = undefined
      this.#answerEnd({ ...broken.work, call }, broken.operation, broken.result)
      return
    }
    const work = this.#work
    const kind = this.machine.operation?.kind
    const fits = call.root.includes('Replenishment') ? kind === 'replenish' : kind === 'deposit'
    if (work === undefined || !fits) {
      this.reply(call, 11)
      return
    }
    const was = work.call
    work.call = call
    const refusal = this.tell(input)
    if (refusal === undefined) return
    work.call = was
    // With a doubted note behind its cover the real one does not answer at all.
    if (refusal !== 'suspicious') this.reply(call, refusals[refusal])
  }

  reset(call: Call): void {
    this.#resets.push(call)
    if (this.tell({ is: 'reset' }) === undefined) return
    this.#resets.splice(this.#resets.indexOf(call), 1)
    this.reply(call, 11)
  }

  /** Answers the asker, and everybody hears a copy. */
  reply(call: Call, result: number, fields: readonly Node[] = [], running?: Running): void {
    const name = call.root.replace(/Request$/, 'Response')
    const user = this.sessions.userOf(call.sessionId)
    const head = [node('Id', call.id), node('SeqNo', call.seqNo), node('User', user)]
    const soap = node(name, [...head, ...fields], { result })
    const id = running ? [node('TransactionId', running.transactionId)] : []
    const copy = node(name, [...head, ...id, ...fields], { result })
    const dropped = this.#take('drop_reply', name)
    const wrong = this.#take('malformed_reply', name)
      ? 'malformed'
      : this.#take('oversized_reply', name)
        ? 'oversized'
        : undefined
    if (!(dropped?.copies ?? false)) this.#send(copy, call.listener)
    if (dropped !== undefined) call.answer(undefined)
    else call.answer(call.listener === undefined ? soap : copy, wrong)
  }

  #hear(news: News): void {
    if (news.is === 'fired') this.#fire(news.kind)
    if (news.is === 'phase' && news.phase === 'off') this.#losePower()
    if (news.is === 'phase' && news.phase === 'starting') this.#cutLines('cut_starting')
    if (news.is === 'phase' && news.phase === 'dispensing') this.#cutLines('cut_giving')
    if (news.is === 'interrupted' && this.#cutOff !== undefined) {
      this.#send(incompleteEvent(this.machine, this.#cutOff, news.operation))
      this.#cutOff = undefined
    }
    for (const event of eventsOf(this.machine, news, this.#work)) this.#send(event)
    if (news.is === 'ended') this.#endWork(news.operation, news.result)
    if (news.is === 'reset_done') {
      for (const call of this.#resets.splice(0)) calls.ResetRequest?.done?.(this, call)
    }
  }

  #cutLines(kind: 'cut_starting' | 'cut_giving'): void {
    if (this.#take(kind, '') === undefined) return
    for (const listener of this.listeners) listener.drop()
    const call = this.#work?.call
    if (this.#work !== undefined) this.#work.call = undefined
    call?.answer(undefined)
  }

  #endWork(operation: Operation, result: Result): void {
    const work = this.#work
    if (work === undefined || work.ref !== operation.ref) return
    this.#work = undefined
    const twoPart = operation.kind === 'deposit' || operation.kind === 'replenish'
    if (work.call === undefined && twoPart) this.#unclaimed = { operation, result, work }
    else this.#answerEnd(work, operation, result)
  }

  #answerEnd(work: Work, operation: Operation, result: Result): void {
    const { call } = work
    if (call === undefined) {
      this.#answerNobody(work, operation, result)
      return
    }
    const fields = calls[call.root]?.ended?.(this, operation, call) ?? []
    this.reply(call, resultOf[result], fields, work)
  }

  /** The asker's line is cut: the copies are all that there is. */
  #answerNobody(work: Work, operation: Operation, result: Result): void {
    const root = `${work.name}Request`
    const request: Element = { name: root, attributes: {}, children: [], text: '' }
    const gone = { root, request, id: '', seqNo: work.seqNo, sessionId: undefined }
    const call: Call = { ...gone, answer: () => {} }
    const fields = calls[root]?.ended?.(this, operation, call) ?? []
    this.reply(call, resultOf[result], fields, work)
  }

  #losePower(): void {
    this.#fire('power')
    this.#cutOff = this.#work
    this.#work?.call?.answer(undefined)
    this.#work = undefined
    for (const call of this.#resets.splice(0)) call.answer(undefined)
    this.sessions.forget()
    this.destinations.clear()
    this.listeners.clear()
    this.ports.cutAll()
  }

  #beat(): void {
    this.#stopHeart = this.ports.clock.after(this.timings.heartbeatMs, () => {
      if (this.isUp && !this.moods.hang) this.#send(this.heartBeat())
      this.#beat()
    })
  }

  heartBeat(): Node {
    return node('HeartBeatEvent', [node('SerialNo', this.serialNo)])
  }

  #send(event: Node, except?: Listener): void {
    if (this.moods.hang) return
    const inner = typeof event.content === 'string' ? [] : event.content
    const number = eventNumbers[event.name] ?? eventNumbers[inner.at(-1)?.name ?? '']
    const whole = frameOf(event)
    const frame = this.#take('malformed_event', event.name)
      ? whole.slice(0, whole.length / 2)
      : this.#take('oversized_event', event.name)
        ? `<BbxEventRequest>${'x'.repeat(oversizedChars)}</BbxEventRequest>`
        : whole
    for (const listener of this.listeners) {
      const wanted =
        listener.numbers === undefined || (number !== undefined && listener.numbers.has(number))
      if (listener !== except && wanted) listener.send(frame)
    }
  }

  #take(kind: WireFault['kind'], root: string): WireFault | undefined {
    const index = this.#wireFaults.findIndex(
      (fault) => fault.kind === kind && (fault.root === undefined || fault.root === root),
    )
    if (index < 0) return undefined
    this.#fire(kind)
    return this.#wireFaults.splice(index, 1)[0]
  }

  #fire(kind: string): void {
    this.fired[kind] = (this.fired[kind] ?? 0) + 1
  }
}

/** More than anybody has a use for in one frame. */
export const oversizedChars = 8_000_000

export const frameOf = (content: Node): string => writeBare(node('BbxEventRequest', [content]))

export const keyOf = ({ host, port }: Destination): string => `${host}:${port}`

/** A request's own words. */
export function callOf(request: Element, answer: Call['answer'], listener?: Listener): Call {
  return {
    ...{ root: request.name, request, answer },
    id: textOf(request, 'Id') ?? '',
    seqNo: textOf(request, 'SeqNo') ?? '',
    sessionId: textOf(request, 'SessionID'),
    ...(listener && { listener }),
  }
}

const refusals: Readonly<Record<StepRefusal['code'], number>> = {
  ...{ busy: 11, nothing_runs: 11, short: 10, bad_request: 98, entrance: 11, suspicious: 11 },
  ...{ cassette_empty: 33, closed: 11, entrance_full: 11 },
}
