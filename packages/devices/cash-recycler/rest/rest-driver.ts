import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { machineCurrenciesMax, strangeCharsMax, textCharsMax } from '../bounds.ts'
import type {
  Attempt,
  Condition,
  Driver,
  DriverCommand,
  DriverPorts,
  Finding,
  StartRefusal,
  Work,
} from '../contract.ts'
import {
  isRecord,
  isTold,
  type RestTransaction,
  readLevels,
  readText,
  readTransaction,
  readWhole,
  replyOf,
  tellsPieces,
} from './read-rest.ts'
import {
  answerMs,
  type Clock,
  HttpPoster,
  type Poster,
  RestLine,
  type RestLogin,
  type RestMachine,
  type RestRefusal,
} from './rest-line.ts'

// A driver of a machine that is asked again and again: JSON over HTTP, the Cashmatic kind. Its `reference` is the
// attempt's number, by which its transactions are known to be ours. What it does not answer is unknown, and asked;
// what moves money is said once.

/** While work runs; a public client asks as often. */
const followMs = 200
/** At rest: only to see that it is there, and how it is. */
const restMs = 10_000
/** Looks without an answer before the line is taken for gone. */
const missesMax = 3
const relinkFirstMs = 1_000
const relinkLongestMs = 30_000
/**
 * A start whose answer is missing may still be on its way to the machine, from us or from a process that died: for
 * so long after the last that could have been said, "it knows nothing of it" is not believed.
 */
const startLateMs = answerMs
/** Between looks for a start that may come late. */
const lookAgainMs = 500
/** Commands that wait for an answer of the machine; a person gives some in a minute. */
const waitingMax = 100

const active = '/api/device/ActiveTransaction'
const last = '/api/device/LastTransaction'
const levels = '/api/device/AllLevels'
const info = '/api/device/GetDeviceInfo'

export type RestDriverOptions = { readonly machine: RestMachine; readonly clock: Clock }

/** Opens the driver of one machine; it links by itself and tells `linked` when the machine lets it in. */
export function openRestDriver({ machine, clock }: RestDriverOptions, ports: DriverPorts): Driver {
  return openRestOver(new HttpPoster(machine, clock), machine, clock, ports)
}

/** The same driver over whatever carries its words. */
export function openRestOver(
  poster: Poster,
  login: RestLogin,
  clock: Clock,
  ports: DriverPorts,
): Driver {
  const driver = new RestDriver(new RestLine(login, poster, clock, ports.trace), clock, ports)
  driver.begin()
  return {
    send: (command) => driver.send(command),
    close: () => driver.close(),
  }
}

class RestDriver {
  readonly #ports: DriverPorts
  readonly #clock: Clock
  readonly #line: RestLine
  /** Goes up when the line is dropped: what was asked before that is not told any more. */
  #life = 0
  #linked = false
  #closed = false
  #misses = 0
  #relinkMs = relinkFirstMs
  /** Our work that the machine is at, as far as we know. */
  #followed: Attempt | undefined
  /** What is looked for, while its start may still come late. */
  #sought: Attempt | undefined
  #told = ''
  #condition = ''
  /** When a start may last have been said, by us or, before this driver, by another. */
  #startSaidAt: number
  #stopTimer = () => {}
  #waiting = 0
  #turn: Promise<void> = Promise.resolve()

  constructor(line: RestLine, clock: Clock, ports: DriverPorts) {
    this.#ports = ports
    this.#clock = clock
    this.#line = line
    this.#startSaidAt = clock.now()
  }

  begin(): void {
    this.#inTurn(() => this.#link())
  }

  send(command: DriverCommand): void {
    if (this.#closed) return
    if (command.type === 'relink') this.#relink()
    else if (this.#waiting < waitingMax) this.#inTurn(() => this.#obey(command))
    else this.#ports.tell({ type: 'no_answer', command: command.type })
  }

  /** Says nothing more to the machine, and waits until what was under way is broken off. */
  async close(): Promise<void> {
    this.#closed = true
    this.#life += 1
    this.#stopTimer()
    this.#line.drop()
    await this.#turn
  }

  /** One question at a time: a machine of this kind takes no more. */
  #inTurn(act: () => Promise<void>): void {
    const life = this.#life
    this.#waiting += 1
    this.#turn = this.#turn.then(async () => {
      this.#waiting -= 1
      if (life !== this.#life) return
      // The edge: what goes wrong in one turn must not end all that come after it.
      await act().catch((error: unknown) => this.#break(error))
    })
  }

  #break(error: unknown): void {
    const about = error instanceof Error ? error.message : String(error)
    this.#ports.tell({ type: 'strange', about: about.slice(0, strangeCharsMax) })
    const stood = this.#linked
    this.#relink()
    if (stood) this.#ports.tell({ type: 'lost', why: 'a fault of our own' })
  }

  #next(ms: number, act: () => Promise<void>): void {
    this.#stopTimer()
    if (this.#closed) return
    this.#stopTimer = this.#clock.after(ms, () => this.#inTurn(act))
  }

  /** Asks, and answers `undefined` where the answer is none, or nobody waits for it any more. */
  async #ask(path: string): Promise<unknown> {
    const life = this.#life
    const answer = await this.#line.ask(path)
    if (life !== this.#life) return undefined
    if (answer.ok) {
      this.#misses = 0
      return answer.value ?? null
    }
    this.#missed(answer.refusal)
    return undefined
  }

  #missed(refusal: RestRefusal): void {
    if (!this.#linked) return
    const why = refusal.code === 'no_answer' ? refusal.why : refusal.code
    this.#misses = refusal.code === 'login' ? missesMax : this.#misses + 1
    if (this.#misses < missesMax) {
      // Not at rest before it is known that the line is.
      this.#next(followMs, () => this.#look())
      return
    }
    this.#relink()
    this.#ports.tell({ type: 'lost', why })
  }

  // The line.

  #relink(): void {
    this.#life += 1
    this.#linked = false
    this.#followed = undefined
    this.#sought = undefined
    this.#misses = 0
    this.#relinkMs = relinkFirstMs
    this.#line.drop()
    this.#next(0, () => this.#link())
  }

  async #link(): Promise<void> {
    const life = this.#life
    const letIn = await this.#line.login()
    const held = letIn.ok ? await this.#line.ask(levels) : letIn
    if (life !== this.#life) return
    const read = held.ok ? readLevels(held.value) : undefined
    if (read === undefined) {
      if (!held.ok && held.refusal.code === 'login') {
        this.#ports.tell({ type: 'strange', about: 'the machine refuses our name or password' })
      }
      this.#next(this.#relinkMs, () => this.#link())
      this.#relinkMs = Math.min(this.#relinkMs * 2, relinkLongestMs)
      return
    }
    this.#linked = true
    this.#misses = 0
    this.#relinkMs = relinkFirstMs
    this.#condition = ''
    this.#ports.tell({ type: 'linked', capabilities: capabilitiesOf(read.stock) })
    this.#next(restMs, () => this.#look())
  }

  // Looks.

  async #look(): Promise<void> {
    if (!this.#linked) return
    if (this.#followed !== undefined) return this.#follow(this.#followed)
    if (this.#sought !== undefined) return this.#obey({ type: 'find', attempt: this.#sought })
    const condition = await this.#readCondition()
    if (condition === undefined) return
    this.#tellCondition(condition, false)
    this.#next(restMs, () => this.#look())
  }

  /** Looks after our work until the machine is done with it. */
  async #follow(attempt: Attempt): Promise<void> {
    const data = await this.#ask(active)
    if (data === undefined) return
    const now = readTransaction(data)
    if (now === undefined) return this.#missed({ code: 'no_answer', why: 'no transaction' })
    // While it is at work and says no name, it is at what we gave it.
    const ours = now.reference === undefined || now.reference === attempt.seqNo
    if (now.idle || !ours) return this.#finish(attempt)
    this.#tellProgress(attempt, now)
    this.#next(followMs, () => this.#look())
  }

  #tellProgress({ seqNo }: Attempt, now: RestTransaction): void {
    const { insertedMinor, dispensedMinor } = now
    const told = `${insertedMinor} ${dispensedMinor}`
    if (told === this.#told) return
    this.#told = told
    if (insertedMinor !== undefined) this.#tellAmount('inserted', seqNo, insertedMinor)
    if (dispensedMinor !== undefined && dispensedMinor > 0) {
      this.#tellAmount('giving', seqNo, dispensedMinor)
    }
  }

  #tellAmount(type: 'inserted' | 'giving', seqNo: string, amount: Minor): void {
    this.#ports.tell({ type, seqNo, minor: amount })
  }

  /** It is not at our work any more: its record says how that ended, if it is a record of ours. */
  async #finish(attempt: Attempt): Promise<void> {
    const finding = await this.#readRecord(attempt)
    if (finding === undefined) return
    this.#followed = undefined
    const { seqNo } = attempt
    if (finding.found === 'reply') {
      this.#ports.tell({ type: 'replied', seqNo, reply: finding.reply })
    } else {
      // Another's work came after ours, or it forgot: whoever asks next finds out by what it holds.
      this.#ports.tell({ type: 'no_answer', command: 'start' })
    }
    this.#next(restMs, () => this.#look())
  }

  /** `undefined` where the machine did not answer, which is dealt with. */
  async #readRecord(attempt: Attempt): Promise<Exclude<Finding, { found: 'running' }> | undefined> {
    const data = await this.#ask(last)
    if (data === undefined) return undefined
    const record = readTransaction(data)
    if (record === undefined || record.reference !== attempt.seqNo || !isTold(record)) {
      return { found: 'nothing' }
    }
    if (tellsPieces(record)) return { found: 'reply', reply: replyOf(attempt, record, []) }
    const held = await this.#ask(levels)
    if (held === undefined) return undefined
    const read = readLevels(held)
    if (read?.certain !== true) return { found: 'nothing' }
    return { found: 'reply', reply: replyOf(attempt, record, read.stock) }
  }

  // Commands.

  async #obey(command: DriverCommand): Promise<void> {
    if (!this.#linked) return this.#ports.tell({ type: 'no_answer', command: command.type })
    const life = this.#life
    const done = await this.#carryOut(command)
    // A line that was taken for gone says so itself.
    if (!done && life === this.#life) {
      this.#ports.tell({ type: 'no_answer', command: command.type })
    }
  }

  /** Whether the machine answered. */
  async #carryOut(command: DriverCommand): Promise<boolean> {
    switch (command.type) {
      case 'start':
        return this.#start(command.attempt)
      case 'find':
        return this.#find(command.attempt)
      case 'cancel':
      // It ends by itself for want of change; until then its customer can be given back what was put in.
      case 'end_short':
        return this.#cancel(command.seqNo)
      case 'read_stock':
        return this.#readStock()
      case 'read_condition':
      // It has no such orders: how it is, is the answer.
      case 'reset':
      case 'verify': {
        const condition = await this.#readCondition()
        if (condition !== undefined) this.#tellCondition(condition, true)
        return condition !== undefined
      }
      case 'finish':
      case 'lock':
      case 'relink':
        this.#ports.tell({ type: 'strange', about: `${command.type} is not of this machine` })
        return true
    }
  }

  async #start(attempt: Attempt): Promise<boolean> {
    const { seqNo } = attempt
    const begin = beginOf(attempt)
    if (begin === undefined) return this.#refuse(seqNo, { code: 'not_able', makerCode: '' })
    const life = this.#life
    const ready = await this.#line.renew()
    if (life !== this.#life) return true
    if (!ready.ok) {
      // Nothing of it was said yet.
      return ready.refusal.code === 'login'
        ? this.#refuse(seqNo, { code: 'login', makerCode: 'login' })
        : false
    }
    this.#startSaidAt = this.#clock.now()
    const answer = await this.#line.act(begin.path, begin.body)
    if (life !== this.#life) return true
    if (!answer.ok) {
      const refusal = startRefusalOf(answer.refusal)
      if (refusal !== undefined) return this.#refuse(seqNo, refusal)
      this.#missed(answer.refusal)
      return false
    }
    this.#followed = attempt
    this.#told = ''
    this.#ports.tell({ type: 'started', seqNo })
    this.#next(followMs, () => this.#look())
    return true
  }

  #refuse(seqNo: string, refusal: StartRefusal): boolean {
    this.#ports.tell({ type: 'not_started', seqNo, refusal })
    return true
  }

  /** It cancels what it is at, whoseever that is: it is ours, or nothing is said. */
  async #cancel(seqNo: string): Promise<boolean> {
    const followed = this.#followed
    if (followed?.seqNo !== seqNo || followed.work.kind !== 'pay_in') {
      this.#ports.tell({ type: 'strange', about: 'a cancel of what cannot be cancelled' })
      return true
    }
    const data = await this.#ask(active)
    if (data === undefined) return false
    const now = readTransaction(data)
    if (now === undefined || now.idle || now.reference !== seqNo) return true
    const life = this.#life
    const answer = await this.#line.act('/api/transaction/CancelPayment', {})
    // Too late, or done: the looks tell how it ended.
    return answer.ok || answer.refusal.code === 'refused' || life !== this.#life
  }

  async #find(attempt: Attempt): Promise<boolean> {
    this.#followed = undefined
    this.#sought = undefined
    const data = await this.#ask(active)
    if (data === undefined) return false
    const now = readTransaction(data)
    if (now === undefined) return false
    const { seqNo } = attempt
    if (!now.idle && now.reference === seqNo) {
      this.#followed = attempt
      this.#told = ''
      const finding = { found: 'running', insertedMinor: now.insertedMinor ?? minor(0) } as const
      this.#ports.tell({ type: 'finding', seqNo, finding })
      this.#next(followMs, () => this.#look())
      return true
    }
    const finding = await this.#readRecord(attempt)
    if (finding === undefined) return false
    // At another's work it may not have come to its record of ours, or may have had it and lost it: later.
    if (finding.found === 'nothing' && !now.idle) return false
    const late = this.#startSaidAt + startLateMs - this.#clock.now()
    if (finding.found === 'nothing' && late > 0) {
      this.#sought = attempt
      this.#next(Math.min(late, lookAgainMs), () => this.#look())
      return true
    }
    this.#ports.tell({ type: 'finding', seqNo, finding })
    this.#next(restMs, () => this.#look())
    return true
  }

  async #readStock(): Promise<boolean> {
    const data = await this.#ask(levels)
    const read = data === undefined ? undefined : readLevels(data)
    if (read === undefined) return false
    this.#ports.tell({ type: 'stock', ...read })
    return true
  }

  async #readCondition(): Promise<Condition | undefined> {
    const life = this.#life
    const about = await this.#line.ask(info)
    if (life !== this.#life) return undefined
    // One without this path is judged by its work alone.
    if (!about.ok && about.refusal.code !== 'missing') {
      this.#missed(about.refusal)
      return undefined
    }
    const fault = about.ok ? faultOf(about.value) : undefined
    if (fault !== undefined) return fault
    const data = await this.#ask(active)
    const now = data === undefined ? undefined : readTransaction(data)
    if (now === undefined) return undefined
    return now.idle ? { is: 'ready' } : { is: 'busy' }
  }

  #tellCondition(condition: Condition, always: boolean): void {
    const told = JSON.stringify(condition)
    if (told !== this.#condition || always) this.#ports.tell({ type: 'condition', condition })
    this.#condition = told
  }
}

function beginOf({ seqNo, work }: Attempt) {
  const said = (work: Extract<Work, { amountMinor: Minor }>) => ({
    ...{ amount: work.amountMinor, reference: seqNo, reason: work.kind },
    // Busy is an answer; work that waits in a queue is one that begins when nobody expects it.
    queueAllowed: false,
  })
  if (work.kind === 'pay_in') return { path: '/api/transaction/StartPayment', body: said(work) }
  // The machine chooses the pieces.
  if (work.kind === 'pay_out' && work.pieces === undefined) {
    return { path: '/api/transaction/StartWithdrawal', body: said(work) }
  }
  return undefined
}

/** The machine's codes, as public clients know them. One that is not here may mean anything: `undefined`. */
const startRefusals: Readonly<Record<number, StartRefusal['code']>> = {
  4: 'busy',
  7: 'login',
  13: 'not_able',
  18: 'short',
}

function startRefusalOf(refusal: RestRefusal): StartRefusal | undefined {
  switch (refusal.code) {
    case 'login':
      return { code: 'login', makerCode: 'login' }
    case 'missing':
      return { code: 'not_able', makerCode: 'missing' }
    case 'refused': {
      const code = startRefusals[refusal.makerCode]
      return code && { code, makerCode: String(refusal.makerCode) }
    }
    case 'no_answer':
      return undefined
  }
}

function faultOf(data: unknown): Condition | undefined {
  const code = isRecord(data) ? readWhole(data.errorCode) : undefined
  if (!isRecord(data) || code === undefined || code === 0) return undefined
  const text = (readText(data.errorMessage) ?? '').slice(0, textCharsMax)
  return { is: 'fault', fault: { kind: 'device', code: String(code), text } }
}

function capabilitiesOf(stock: readonly { readonly currency: Currency }[]) {
  return {
    currencies: [...new Set(stock.map(({ currency }) => currency))]
      .sort()
      .slice(0, machineCurrenciesMax),
    ...({ payIn: true, payOut: 'amount', deposit: false, replenish: [], collect: [] } as const),
    ...{ lock: false, reset: false, verify: false, pushes: false },
  }
}
