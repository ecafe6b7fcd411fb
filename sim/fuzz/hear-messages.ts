import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Attempt, Work } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { cutFrames } from '@tillkeeper/devices/cash-recycler/glory/event-listener.ts'
import { openGloryOver } from '@tillkeeper/devices/cash-recycler/glory/glory-driver.ts'
import type { Line, LinePorts } from '@tillkeeper/devices/cash-recycler/glory/line.ts'
import { readMessages } from '@tillkeeper/devices/cash-recycler/glory/messages.ts'
import { answerOf } from '@tillkeeper/devices/cash-recycler/glory/requests.ts'
import { hearFrame, readAnswer } from '@tillkeeper/devices/cash-recycler/glory/soap-line.ts'
import { readPacket } from '@tillkeeper/devices/cash-recycler/glory/socket-packets.ts'
import { xmlBytesMax } from '@tillkeeper/devices/cash-recycler/glory/xml.ts'
import {
  readLevels,
  readTransaction,
  replyOf,
} from '@tillkeeper/devices/cash-recycler/rest/read-rest.ts'
import { readAnswer as readRestAnswer } from '@tillkeeper/devices/cash-recycler/rest/rest-line.ts'
import { type Order, runRecycler } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { type Random, random } from '../world/random.ts'
import { makeScheduler } from '../world/scheduler.ts'
import type { Sound } from './gather-messages.ts'
import { judgeEnd, judgeEvent, judgeIntent } from './judge-news.ts'
import { Source } from './message-source.ts'

// A shop's machine for some hundred messages: driver, state machine, runner and journal as in a store server, and
// on the line whatever chance makes of a machine's words. Time is virtual.

const baht = 'THB' as Currency
/** Questions that are asked in one moment of virtual time: a driver that asks more will ask for ever. */
const asksMax = 2_000
/** A driver that was closed has come to rest after that. */
const restMs = 1_200_000
/** What a line drops unread, as the lines themselves do. */
const readable = (bytes: Buffer) => bytes.length <= xmlBytesMax

export type Heard = {
  readonly messages: number
  readonly bends: Readonly<Record<string, number>>
  /** What came out that is not of the contract, each with what it was. */
  readonly untyped: readonly string[]
  /** Attempts that ended meanwhile, so that it is seen that there was work. */
  readonly ended: number
}

/** Lives one life out of its seed. A throw is a crash: of a store server it would be the end. */
export async function hearMessages(seed: number, messages: number, sound: Sound): Promise<Heard> {
  const life = new Life(seed, messages, sound)
  try {
    await life.live()
  } finally {
    await life.close()
  }
  return life.heard()
}

class Life {
  readonly #world = makeScheduler()
  readonly #rnd: Random
  readonly #source: Source
  readonly #messages: number
  readonly #untyped: string[] = []
  readonly #recycler: ReturnType<typeof runRecycler>
  #line: LinePorts | undefined
  #number = 0
  #ended = 0
  #asks = 0

  constructor(seed: number, messages: number, sound: Sound) {
    this.#rnd = random(seed).fork('life')
    this.#source = new Source(seed, messages, sound)
    this.#messages = messages
    const { after } = this.#world
    const time = { now: () => 1_700_000_000_000 + this.#world.nowMs(), after }
    const config = { host: '127.0.0.1', currency: baht, time, clock: () => new Date(time.now()) }
    this.#recycler = runRecycler({
      openDriver: ({ tell, trace }) =>
        openGloryOver(
          async (line) => {
            this.#line = line
            return { ok: true, line: this.#open(line) }
          },
          config,
          {
            trace,
            tell: (event) => {
              this.#note(judgeEvent(event))
              tell(event)
            },
          },
        ),
      note: async (attempt) => this.#note(judgeIntent(attempt)),
      conclude: async (ended) => {
        this.#ended += 1
        this.#note(judgeEnd(ended))
      },
      ...{ tell: () => {}, trace: () => {}, after },
    })
  }

  #note(wrong: string | undefined): void {
    if (wrong !== undefined) this.#untyped.push(wrong)
  }

  #open(ports: LinePorts): Line {
    return {
      kind: 'soap',
      openSession: async () => ({ opened: true, sessionId: undefined }),
      eventsTo: () => ({ host: '127.0.0.1', port: 55_561 }),
      close: async () => {},
      ask: async (header, request, timeoutMs) => {
        this.#asks += 1
        if (this.#asks > asksMax) throw new Error('the driver asks for ever')
        const ms = this.#rnd.chance(0.9) ? this.#rnd.between(1, 50) : (timeoutMs ?? 60_000)
        await new Promise<void>((resolve) => this.#world.after(ms, resolve))
        if (this.#source.isOver || this.#rnd.chance(0.01)) return { at: 'silent', why: 'lost' }
        const bytes = this.#source.answer(answerOf(request.op), header.seqNo)
        if (!readable(bytes)) return { at: 'silent', why: 'too long' }
        return readAnswer(bytes.toString('utf8'), header, request, ports)
      },
    }
  }

  #seqNo(): string {
    return String(this.#number).padStart(11, '0')
  }

  async live(): Promise<void> {
    const push = cutFrames(
      (text) => this.#line && hearFrame(text, this.#line),
      () => this.#line?.strange('an event that is too long'),
    )
    while (!this.#source.isOver) {
      this.#asks = 0
      const way = this.#rnd.below(10)
      if (this.#recycler.state().at === 'idle' && this.#rnd.chance(0.5)) this.#order()
      else if (way < 5) this.#push(push, this.#source.event(this.#seqNo()))
      else if (way === 5) this.#hearBinary(this.#source.event(this.#seqNo()))
      else if (way === 6) this.#hearPacket(this.#source.packet())
      else if (way < 9) this.#readJson(this.#source.json(this.#seqNo()))
      else this.#order()
      await this.#world.run(this.#world.nowMs() + this.#rnd.pick([0, 1, 20, 300, 3_000]))
    }
  }

  /** Frames as the network cuts them; the NUL at their end is not always there. */
  #push(push: (chunk: Buffer) => void, bytes: Buffer): void {
    const ended = this.#rnd.chance(0.95) ? Buffer.concat([bytes, Buffer.of(0)]) : bytes
    let from = 0
    while (from < ended.length) {
      const to = this.#rnd.chance(0.3)
        ? Math.min(ended.length, from + this.#rnd.between(1, ended.length))
        : ended.length
      push(ended.subarray(from, to))
      from = to
    }
  }

  #hearBinary(bytes: Buffer): void {
    const text = bytes.toString('utf8')
    const read = readable(bytes) ? readMessages(text) : undefined
    if (read?.ok) for (const message of read.value) this.#line?.hear(message)
  }

  #hearPacket(bytes: Buffer): void {
    const packet = readPacket(bytes.toString('utf8'))
    if (packet.is === 'odd' && packet.why.length > 200) this.#note(`packet: ${packet.why}`)
    if (packet.is !== 'event') return
    for (const arg of packet.args) {
      if (typeof arg === 'string' && arg.includes('<')) this.#hearBinary(Buffer.from(arg))
    }
  }

  #readJson(bytes: Buffer): void {
    const answer = readRestAnswer(this.#rnd.pick([200, 200, 200, 401, 500]), bytes.toString('utf8'))
    if (!answer.ok) return
    const levels = readLevels(answer.value)
    const event = levels && ({ type: 'stock', ...levels } as const)
    this.#note(event && judgeEvent(event))
    const now = readTransaction(answer.value)
    if (now === undefined) return
    const work = { kind: 'pay_in', amountMinor: minor(12_300) } as const
    const seqNo = this.#seqNo()
    const attempt: Attempt = { attemptId: seqNo, seqNo, currency: baht, work, before: [] }
    const reply = replyOf(attempt, now, levels?.stock ?? [])
    this.#note(judgeEvent({ type: 'replied', seqNo, reply }))
  }

  #order(): void {
    const order = drawOrder(this.#rnd, () => {
      this.#number += 1
      return this.#seqNo()
    })
    this.#recycler.order(order)
  }

  async close(): Promise<void> {
    const closed = this.#recycler.close()
    // Longer than any wait there is: whatever still waits then was never going to end.
    await this.#world.run(this.#world.nowMs() + restMs)
    await closed
    if (this.#world.waiting() > 0) throw new Error('a driver that was closed goes on')
  }

  heard(): Heard {
    const { bends } = this.#source
    return {
      ...{ messages: this.#messages, bends },
      ...{ untyped: this.#untyped, ended: this.#ended },
    }
  }
}

const orders = [
  ...(['work', 'work', 'work', 'work', 'cancel', 'end_short', 'finish'] as const),
  ...(['reset', 'verify', 'give_up'] as const),
]

/** What a person asks of a machine; `nextSeqNo` numbers new work. */
export function drawOrder(rnd: Random, nextSeqNo: () => string): Order {
  const type = rnd.pick(orders)
  if (type !== 'work') return { type }
  const seqNo = nextSeqNo()
  const amountMinor = minor(rnd.pick([12_300, 34_300, 100_000]))
  const pieces = [{ faceMinor: minor(10_000), pieces: 2 }]
  const work = rnd.pick<Work>([
    { kind: 'pay_in', amountMinor },
    { kind: 'pay_out', amountMinor },
    { kind: 'pay_out', amountMinor: minor(20_000), pieces },
    { kind: 'deposit' },
    { kind: 'replenish', from: 'entrance' },
    { kind: 'collect', to: 'exit', pieces },
  ])
  const attempt = { attemptId: `attempt ${seqNo}`, seqNo, currency: baht, work, before: [] }
  return { type, attempt }
}
