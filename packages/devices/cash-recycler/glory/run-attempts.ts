import type { Minor } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Attempt, DriverEvent, Finding, Reply, StartRefusal } from '../contract.ts'
import { endingNumber, keyOf } from './attempt-numbers.ts'
import { meaningOf, statusOf } from './codes.ts'
import type { Link } from './glory-link.ts'
import type { Answer } from './line.ts'
import type { MachineNews } from './machine-news.ts'
import type { Message } from './messages.ts'
import {
  amountOf,
  cancelOf,
  endsAttempt,
  finishOf,
  incompleteReply,
  type Outcome,
  outcomeOf,
  requestOf,
} from './outcomes.ts'
import type { Request } from './requests.ts'
import type { Time } from './time.ts'
import { textOf, wholeOf } from './xml.ts'

// Attempts on the machine: one at a time, each number said once, and an end that is heard from whoever says it
// first: the call's own answer, the copy of it that all listeners get, or the machine's record of what it broke off.

export type AttemptPorts = {
  readonly link: Link
  readonly news: MachineNews
  readonly tell: (event: DriverEvent) => void
  readonly strange: (about: string) => void
  readonly devIdOf: (faceMinor: Minor) => 1 | 2
  readonly time: Time
}

export type Attempts = {
  readonly start: (attempt: Attempt) => Promise<void>
  readonly end: (how: 'cancel' | 'end_short' | 'finish', seqNo: string) => Promise<void>
  readonly find: (attempt: Attempt) => Promise<void>
  /** Asks for something that is no attempt but needs the machine for us, where it has that mode. */
  readonly askAlone: (request: Request) => Promise<Answer>
  readonly hear: (message: Message) => void
  readonly current: () => Attempt | undefined
  /** The line is gone: what is under way is not known any more. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

type Ending = 'cancel' | 'end_short' | 'finish'
type Job = {
  readonly attempt: Attempt
  begun: boolean
  insertedMinor: Minor
  /** Asked for while a suspicious note lay in the machine: it is said once that is gone. */
  wanted: Ending | undefined
  /** Until the end is taken from elsewhere than the call's own answer. */
  grace: (() => void) | undefined
  /** Until it is looked at again. */
  watch: (() => void) | undefined
}

/** The call's own answer comes with its copy; it is the better one, since the channel of copies is not secured. */
const copyGraceMs = 2_000
/** At rest again, and no word of how it ended. */
const restGraceMs = 5_000
/** How often work is looked at whose own call was lost: news of its end may be lost with the channel of news. */
const watchMs = 5_000
/** Attempts whose numbers and ends are kept. */
const keptMax = 256
const copiesMax = 4

/** A map that forgets what is oldest. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > keptMax && oldest !== undefined) map.delete(oldest)
}

const newJob = (attempt: Attempt, begun: boolean): Job => ({
  ...{ attempt, begun, insertedMinor: minor(0), wanted: undefined, grace: undefined },
  watch: undefined,
})

class GloryAttempts implements Attempts {
  #job: Job | undefined
  #occupied = false
  #occupyOff = false
  #releasing: Promise<unknown> = Promise.resolve()
  #incomplete: Message | undefined
  /** Whose transaction the machine's status last spoke of. */
  #speaksOf: string | undefined
  #sent = new Map<string, true>()
  #told = new Map<string, true>()
  #copies = new Map<string, readonly Message[]>()

  readonly #ports: AttemptPorts
  readonly #link: Link
  readonly #news: MachineNews

  constructor(ports: AttemptPorts) {
    this.#ports = ports
    this.#link = ports.link
    this.#news = ports.news
  }

  #isOurs(seqNo: string | undefined): boolean {
    const own = this.#job?.attempt.seqNo
    return own !== undefined && (seqNo === undefined || keyOf(seqNo) === keyOf(own))
  }

  #begin(of: Job): void {
    if (of.begun) return
    of.begun = true
    this.#ports.tell({ type: 'started', seqNo: of.attempt.seqNo })
  }

  #clear(of: Job | undefined): void {
    of?.grace?.()
    of?.watch?.()
    if (of === undefined || of !== this.#job) return
    this.#job = undefined
    if (this.#occupied) {
      this.#occupied = false
      this.#releasing = this.#link.ask({ op: 'release' })
    }
  }

  #reply(attempt: Attempt, ended: Reply): void {
    if (this.#job?.attempt.seqNo === attempt.seqNo) this.#clear(this.#job)
    if (this.#told.has(attempt.seqNo)) return
    keep(this.#told, attempt.seqNo, true)
    this.#ports.tell({ type: 'replied', seqNo: attempt.seqNo, reply: ended })
  }

  /** What is known of an attempt's end without asking. */
  #known(attempt: Attempt): Reply | undefined {
    for (const message of this.#copies.get(keyOf(attempt.seqNo)) ?? []) {
      const outcome = outcomeOf(message, attempt, true)
      if (outcome.is === 'reply') return outcome.reply
    }
    return this.#incomplete && incompleteReply(this.#incomplete, attempt)
  }

  /** The call's answer is missing: what is known elsewhere is taken, and else the machine has to be asked. */
  #miss(of: Job, command: 'start' | Ending) {
    if (of !== this.#job) return
    of.grace?.()
    of.grace = undefined
    const ended = this.#known(of.attempt)
    if (ended !== undefined) return this.#reply(of.attempt, ended)
    // It may be given up on above, and is asked for no more: here it ends when the machine rests.
    this.#watchOver(of)
    this.#ports.tell({ type: 'no_answer', command })
  }

  #graceFor(of: Job, ms: number): void {
    if (of.grace !== undefined) return
    of.grace = this.#ports.time.after(ms, () => this.#miss(of, 'start'))
  }

  #watchOver(of: Job): void {
    of.watch?.()
    of.watch = this.#ports.time.after(watchMs, () => void this.#look(of))
  }

  /** Whether work that nobody tells of any more is over. */
  async #look(of: Job): Promise<void> {
    const answer = await this.#link.ask({ op: 'status' })
    if (of !== this.#job) return
    if (answer.at !== 'answered') return this.#miss(of, 'start')
    this.#news.takeStatus(answer.message.body)
    const status = this.#news.status()
    if (status === undefined || statusOf(status) !== 'idle') return this.#watchOver(of)
    of.grace?.()
    of.grace = this.#ports.time.after(copyGraceMs, () => void this.#leave(of))
  }

  /** The machine rests, and no word of this work will come. */
  async #leave(of: Job): Promise<void> {
    if (of !== this.#job) return
    const ended = this.#known(of.attempt)
    if (ended !== undefined) return this.#reply(of.attempt, ended)
    this.#clear(of)
    this.#ports.tell({ type: 'no_answer', command: 'start' })
    // That it is ready was not said while this was under way.
    const answer = await this.#link.ask({ op: 'status' })
    if (answer.at === 'answered') this.#news.takeStatus(answer.message.body, 'tell')
  }

  #refuse(of: Job, refusal: StartRefusal) {
    if (of !== this.#job) return
    this.#clear(of)
    this.#ports.tell({ type: 'not_started', seqNo: of.attempt.seqNo, refusal })
  }

  /** Takes the machine for us, where it has that mode; a refusal means that nothing was begun. */
  async #claim(): Promise<StartRefusal | undefined> {
    await this.#releasing
    if (this.#occupyOff) {
      // A session that ran out is found by a question, so that a call that moves money never finds it.
      if (this.#link.hasSessions()) await this.#link.ask({ op: 'status' })
      return undefined
    }
    const answer = await this.#link.ask({ op: 'occupy' })
    if (answer.at === 'unable') {
      this.#occupyOff = true
      return undefined
    }
    if (answer.at !== 'answered') return { code: 'busy', makerCode: answer.at }
    const result = answer.message.result ?? -1
    const meaning = meaningOf(result)
    if (meaning === 'mode_off') this.#occupyOff = true
    else if (meaning === 'ok' || meaning === 'mine') this.#occupied = true
    else {
      const code = meaning === 'occupied' ? 'occupied' : meaning === 'session' ? 'login' : 'busy'
      return { code, makerCode: String(result) }
    }
    return undefined
  }

  async askAlone(request: Request): Promise<Answer> {
    const refusal = await this.#claim()
    if (refusal !== undefined) return { at: 'unheard', why: refusal.makerCode }
    const answer = await this.#link.ask(request)
    // Work that was begun meanwhile gives it back itself.
    if (this.#job === undefined && this.#occupied) {
      this.#occupied = false
      this.#releasing = this.#link.ask({ op: 'release' })
    }
    return answer
  }

  async start(attempt: Attempt): Promise<void> {
    const { seqNo } = attempt
    const no = (refusal: StartRefusal) => this.#ports.tell({ type: 'not_started', seqNo, refusal })
    if (this.#sent.has(seqNo)) return no({ code: 'duplicate', makerCode: 'said before' })
    if (this.#job !== undefined) return no({ code: 'busy', makerCode: 'other work' })
    const mine = newJob(attempt, false)
    this.#job = mine
    this.#incomplete = undefined
    const refusal = await this.#claim()
    if (mine !== this.#job) return
    if (refusal !== undefined) return this.#refuse(mine, refusal)
    keep(this.#sent, seqNo, true)
    this.#takeStart(mine, await this.#link.ask(requestOf(attempt, this.#ports.devIdOf), seqNo))
  }

  #takeStart(of: Job, answer: Answer) {
    const { attempt } = of
    if (answer.at === 'unheard') return this.#refuse(of, { code: 'busy', makerCode: 'unreached' })
    if (answer.at === 'unable') return this.#refuse(of, { code: 'not_able', makerCode: 'unable' })
    if (answer.at === 'silent') return this.#miss(of, 'start')
    const outcome = outcomeOf(answer.message, attempt, of.begun)
    if (outcome.is === 'reply') this.#reply(attempt, outcome.reply)
    else if (outcome.is === 'refused') this.#refuse(of, outcome.refusal)
    else if (outcome.is === 'started') this.#begin(of)
    else this.#miss(of, 'start')
  }

  async end(how: Ending, seqNo: string): Promise<void> {
    const of = this.#job
    if (of === undefined || of.attempt.seqNo !== seqNo) {
      this.#ports.strange(`${how} of ${seqNo}, which is not under way`)
      return
    }
    const request = how === 'finish' ? finishOf(of.attempt) : cancelOf(of.attempt)
    if (request === undefined)
      return this.#ports.strange(`${how} of ${of.attempt.work.kind}, which has none`)
    const status = this.#news.status()
    const suspicious = status !== undefined && statusOf(status) === 'suspicious'
    if (suspicious && request.op !== 'change_cancel') {
      // A machine that was told to end with such a note in it hung for ever.
      of.wanted = how
      return
    }
    if (request.op === 'change_cancel') return this.#cancelChange(of, how)
    const answer = await this.#link.ask(
      request,
      endingNumber(how === 'finish' ? 'E' : 'C', of.attempt),
    )
    if (answer.at !== 'answered') return this.#miss(of, how)
    const outcome: Outcome = outcomeOf(answer.message, of.attempt, true)
    if (outcome.is === 'reply') this.#reply(of.attempt, outcome.reply)
    else this.#miss(of, how)
  }

  /** It only says that it is on its way; how it ended is said by the call that waits. */
  async #cancelChange(of: Job, how: Ending): Promise<void> {
    const short = how === 'end_short'
    const number = endingNumber(short ? 'S' : 'C', of.attempt)
    const answer = await this.#link.ask({ op: 'change_cancel', short }, number)
    if (of !== this.#job) return
    if (answer.at !== 'answered') return this.#ports.tell({ type: 'no_answer', command: how })
    // 11: there is nothing to cancel, or it is on its way already; 96: it was said before.
    const { result } = answer.message
    if (result !== 0 && result !== 11 && result !== 96) {
      this.#ports.strange(`${how} was answered by ${result ?? 'no result'}`)
    }
  }

  async find(attempt: Attempt): Promise<void> {
    const { seqNo } = attempt
    const say = (finding: Finding) => this.#ports.tell({ type: 'finding', seqNo, finding })
    const ended = this.#known(attempt)
    if (ended !== undefined) return this.#found(attempt, ended)
    const answer = await this.#link.ask({ op: 'status' })
    const meanwhile = this.#known(attempt)
    if (meanwhile !== undefined) return this.#found(attempt, meanwhile)
    if (answer.at !== 'answered') {
      this.#ports.tell({ type: 'no_answer', command: 'find' })
      return this.#link.relink('silent')
    }
    this.#news.takeStatus(answer.message.body, 'tell')
    const status = this.#news.status()
    const meaning = status === undefined ? 'busy' : statusOf(status)
    if (meaning === 'idle' || meaning === 'error') {
      if (this.#job?.attempt.seqNo === seqNo) this.#clear(this.#job)
      return say({ found: 'nothing' })
    }
    // Starting, resetting, or at the work of somebody else: that says nothing of ours, and it is asked again.
    const starting = status === undefined || status === 0 || status === 8
    const others = this.#speaksOf !== undefined && this.#speaksOf !== keyOf(seqNo)
    if (starting || others) return
    if (this.#job?.attempt.seqNo !== seqNo) this.#job = newJob(attempt, true)
    this.#watchOver(this.#job)
    say({ found: 'running', insertedMinor: this.#job.insertedMinor })
    if (meaning === 'short') this.#ports.tell({ type: 'short', seqNo })
  }

  #found(attempt: Attempt, ended: Reply): void {
    if (this.#job?.attempt.seqNo === attempt.seqNo) this.#clear(this.#job)
    keep(this.#told, attempt.seqNo, true)
    this.#ports.tell({
      type: 'finding',
      seqNo: attempt.seqNo,
      finding: { found: 'reply', reply: ended },
    })
  }

  hear(message: Message) {
    const { name, seqNo, body } = message
    if (name === 'statuschangeevent') return this.#followStatus(message)
    if (name === 'incompletetransaction') {
      this.#incomplete = message
      if (this.#job !== undefined) this.#graceFor(this.#job, copyGraceMs)
      return
    }
    if (!endsAttempt(name) || seqNo === undefined || textOf(body, 'seqno') === undefined) return
    const key = keyOf(seqNo)
    keep(this.#copies, key, [...(this.#copies.get(key) ?? []), message].slice(-copiesMax))
    if (this.#job === undefined || key !== keyOf(this.#job.attempt.seqNo)) return
    if (outcomeOf(message, this.#job.attempt, true).is === 'reply')
      this.#graceFor(this.#job, copyGraceMs)
  }

  #followStatus({ seqNo, body }: Message) {
    const code = wholeOf(textOf(body, 'status'))
    const meaning = code === undefined ? 'busy' : statusOf(code)
    this.#speaksOf = meaning === 'idle' || seqNo === undefined ? undefined : keyOf(seqNo)
    if (this.#job === undefined || !this.#isOurs(seqNo)) return
    if (meaning !== 'suspicious' && this.#job.wanted !== undefined) {
      const { wanted } = this.#job
      this.#job.wanted = undefined
      void this.end(wanted, this.#job.attempt.seqNo)
    }
    if (meaning === 'idle') {
      if (this.#job.begun) this.#graceFor(this.#job, restGraceMs)
      return
    }
    this.#follow(this.#job, meaning, amountOf(body))
  }

  #follow(of: Job, meaning: ReturnType<typeof statusOf>, amount: Minor | undefined) {
    const { seqNo, work } = of.attempt
    const takes = work.kind !== 'pay_out' && work.kind !== 'collect'
    if (meaning === 'starting' || meaning === 'short') this.#begin(of)
    if (meaning === 'short') this.#ports.tell({ type: 'short', seqNo })
    if ((meaning === 'waiting' || meaning === 'counting') && takes) {
      this.#begin(of)
      if (amount === undefined || amount === of.insertedMinor) return
      of.insertedMinor = amount
      this.#ports.tell({ type: 'inserted', seqNo, minor: amount })
    }
    if (meaning === 'dispensing') {
      this.#begin(of)
      if (amount !== undefined) this.#ports.tell({ type: 'giving', seqNo, minor: amount })
    }
  }

  current(): Attempt | undefined {
    return this.#job?.attempt
  }

  drop(): void {
    this.#job?.grace?.()
    this.#job?.watch?.()
    this.#job = undefined
    this.#occupied = false
    this.#occupyOff = false
    this.#speaksOf = undefined
    this.#releasing = Promise.resolve()
  }

  async close(): Promise<void> {
    this.#job?.grace?.()
    this.#job?.watch?.()
    // Else a look that is under way would be followed by another, for ever.
    this.#job = undefined
    await this.#releasing
  }
}

export const runAttempts = (ports: AttemptPorts): Attempts => new GloryAttempts(ports)
