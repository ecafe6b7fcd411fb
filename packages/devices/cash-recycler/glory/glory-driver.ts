import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { machineCurrenciesMax, strangeCharsMax } from '../bounds.ts'
import type { Capabilities, Driver, DriverCommand, DriverPorts } from '../contract.ts'
import { chooseLine, type LineConfig } from './choose-line.ts'
import { keepLink, type Link, type OpenLine } from './glory-link.ts'
import { type MachineNews, watchMachine } from './machine-news.ts'
import { stockOf } from './messages.ts'
import { devicesOf } from './outcomes.ts'
import { type Attempts, runAttempts } from './run-attempts.ts'
import { systemTime, type Time } from './time.ts'
import { childrenOf, wholeOf } from './xml.ts'

export type GloryConfig = Omit<LineConfig, 'line' | 'pin'> & {
  readonly line?: LineConfig['line']
  /** The currency that it is expected to hold; what it holds besides is told all the same. */
  readonly currency: Currency
  /** Who we are on the wire, if several use one machine. */
  readonly id?: string
  /** SHA-256 of its certificate, where it is known; else the first one is kept, and told to `onPinned`. */
  readonly fingerprint?: string
  readonly onPinned?: (fingerprint: string) => void
  /** A session that an earlier driver of ours may have left open: it is ended before another is begun. */
  readonly leftSession?: string
  /** Which session is open from now on; `undefined` once it is ended. Kept by the caller, it is `leftSession` later. */
  readonly onSession?: (id: string | undefined) => void
  /** The time that the machine is set to, in the shop's own zone. */
  readonly clock?: () => Date
  /** The driver's own time, where that is not the system's. */
  readonly time?: Time
  /** Which unit `lock` means: 1 front door or upper unit (RBW-100, RBW-150), 3 upper unit (RBW-200). */
  readonly lockUnit?: 1 | 2 | 3
}

/** At rest within this after its work; what it holds before that is no count. */
const restMs = 8_000

/**
 * Opens a driver for a Glory CASHINFINITY machine, by whichever of its transports answers. Money is moved by
 * `run-attempts.ts`, its line kept by `glory-link.ts`.
 */
export function openGloryDriver(config: GloryConfig, ports: DriverPorts): Driver {
  const id = config.id ?? 'Tillkeeper'
  let fingerprint = config.fingerprint
  const pin = {
    known: () => fingerprint,
    learn: (seen: string) => {
      fingerprint = seen
      config.onPinned?.(seen)
    },
  }
  const openLine = chooseLine({ ...config, line: config.line ?? 'probe', pin }, id)
  return openGloryOver(openLine, config, ports)
}

/** The same driver over lines that are opened by `openLine`. */
export function openGloryOver(openLine: OpenLine, config: GloryConfig, ports: DriverPorts): Driver {
  const driver = new GloryDriver(config, config.id ?? 'Tillkeeper', openLine, ports)
  return { send: (command) => driver.send(command), close: () => driver.close() }
}

class GloryDriver implements Driver {
  readonly #config: GloryConfig
  readonly #ports: DriverPorts
  readonly #news: MachineNews
  readonly #link: Link
  readonly #attempts: Attempts
  #devices: ReadonlyMap<number, 1 | 2> = new Map()

  constructor(config: GloryConfig, id: string, openLine: OpenLine, ports: DriverPorts) {
    this.#config = config
    this.#ports = ports
    const { tell } = ports
    const strange = (about: string) => this.#strange(about)
    const { clock = () => new Date(), time = systemTime } = config
    const news = watchMachine({
      ...{ tell, strange },
      time,
      isBusy: () => this.#attempts.current() !== undefined,
      read: (type) => this.send({ type }),
    })
    const { leftSession, onSession } = config
    const link = keepLink(
      { id, openLine, clock, time, leftSession, onSession },
      {
        ...{ strange, trace: ports.trace },
        status: (message) => news.takeStatus(message.body),
        hear: (message) => {
          news.hear(message)
          this.#attempts.hear(message)
        },
        up: () => this.#greet(),
        down: (why) => {
          this.#attempts.drop()
          news.forget()
          tell({ type: 'lost', why })
        },
      },
    )
    const devIdOf = (faceMinor: Minor) => this.#devices.get(faceMinor) ?? 1
    this.#news = news
    this.#link = link
    this.#attempts = runAttempts({ link, news, tell, strange, devIdOf, time })
  }

  #strange(about: string): void {
    this.#ports.tell({ type: 'strange', about: about.slice(0, strangeCharsMax) })
  }

  /** The first questions of a line, and what the machine can do by what it answers. */
  async #greet(): Promise<boolean> {
    const status = await this.#link.ask({ op: 'status' })
    if (status.at !== 'answered') return false
    this.#news.takeStatus(status.message.body)
    const inventory = await this.#link.ask({ op: 'inventory' })
    const body = inventory.at === 'answered' ? inventory.message.body : undefined
    if (body !== undefined) this.#devices = devicesOf(body)
    const held = (body && stockOf(body)?.stock) ?? []
    const currencies = new Set([this.#config.currency, ...held.map(({ currency }) => currency)])
    const unitNumbers = childrenOf(body, 'cashunits')
      .flatMap((device) => childrenOf(device, 'cashunit'))
      .map(({ attributes }) => wholeOf(attributes.get('unitno')) ?? 0)
    const capabilities: Capabilities = {
      ...{
        currencies: [...currencies].slice(0, machineCurrenciesMax),
        payIn: true,
        payOut: 'both',
        deposit: true,
      },
      replenish: ['entrance'],
      // A collection cassette C1 to C4B, where it has one.
      collect: unitNumbers.some((no) => no >= 4056 && no <= 4060) ? ['cash_box', 'exit'] : ['exit'],
      ...{ lock: true, reset: true, verify: true, pushes: true },
    }
    this.#ports.tell({ type: 'linked', capabilities })
    return true
  }

  async #readCondition(): Promise<void> {
    const answer = await this.#link.ask({ op: 'status' })
    if (answer.at === 'answered') return this.#news.takeStatus(answer.message.body, 'tell')
    this.#ports.tell({ type: 'no_answer', command: 'read_condition' })
    this.#link.relink('silent')
  }

  /** What it holds: vouched for when it is at rest and asks for nothing to be counted again. */
  async #readStock(): Promise<void> {
    const status = await this.#link.ask({ op: 'status' })
    if (status.at === 'answered') this.#news.takeStatus(status.message.body)
    // After work its shutters still move; it says by itself when it rests.
    if (this.#news.isMoving()) {
      await this.#news.rest(restMs)
      const again = this.#news.isMoving() ? await this.#link.ask({ op: 'status' }) : undefined
      if (again?.at === 'answered') this.#news.takeStatus(again.message.body)
    }
    const answer = await this.#link.ask({ op: 'inventory' })
    const good = answer.at === 'answered' && answer.message.result === 0
    const held = good ? stockOf(answer.message.body) : undefined
    if (held === undefined) return this.#ports.tell({ type: 'no_answer', command: 'read_stock' })
    const certain = held.whole && status.at === 'answered' && this.#news.isSound()
    if (!held.whole) this.#strange('an inventory of which some cannot be read')
    this.#ports.tell({ type: 'stock', stock: held.stock, certain })
  }

  /** Something that moves no money of a shop's, after which the machine says how it is. */
  async #mend(command: 'reset' | 'verify' | 'lock', request: Parameters<Link['ask']>[0]) {
    // A reset needs no right to the machine; whoever counts or locks has to hold it.
    const answer = await (command === 'reset'
      ? this.#link.ask(request)
      : this.#attempts.askAlone(request))
    if (answer.at !== 'answered') this.#ports.tell({ type: 'no_answer', command })
    else if (answer.message.result !== 0) {
      this.#strange(`${command} ended with ${answer.message.result ?? 'no result'}`)
    }
    await this.#readCondition()
  }

  #obey(command: DriverCommand): Promise<void> {
    switch (command.type) {
      case 'start':
        return this.#attempts.start(command.attempt)
      case 'cancel':
      case 'end_short':
      case 'finish':
        return this.#attempts.end(command.type, command.seqNo)
      case 'find':
        return this.#attempts.find(command.attempt)
      case 'read_condition':
        return this.#readCondition()
      case 'read_stock':
        return this.#readStock()
      case 'reset':
        this.#news.forgetFault()
        return this.#mend('reset', { op: 'reset' })
      case 'verify':
        return this.#mend('verify', { op: 'verify', which: this.#news.whatToVerify() })
      case 'lock':
        return this.#mend('lock', {
          op: command.locked ? 'lock' : 'unlock',
          unit: this.#config.lockUnit ?? 1,
        })
      case 'relink':
        return Promise.resolve(this.#link.relink('asked to'))
    }
  }

  send(command: DriverCommand): void {
    // The edge: whatever goes wrong here is news for the journal, and the state machine asks the machine again.
    this.#obey(command).catch((error: unknown) => {
      this.#strange(`${command.type}: ${error instanceof Error ? error.message : String(error)}`)
      this.#ports.tell({ type: 'no_answer', command: command.type })
    })
  }

  async close(): Promise<void> {
    await this.#attempts.close()
    this.#news.forget()
    await this.#link.close()
  }
}
