import { codeCharsMax } from '../bounds.ts'
import type { Condition, DriverEvent, Fault } from '../contract.ts'
import { statusOf } from './codes.ts'
import { type Message, machineStatusOf, unverifiedOf } from './messages.ts'
import { conditionOf, faultOf, suspiciousFault, verifyFault } from './outcomes.ts'
import type { Time } from './time.ts'
import { childOf, type Element, textOf, wholeOf } from './xml.ts'

// What the machine tells of itself, whoever works with it: its status, faults, doors, what it no longer trusts.

export type NewsPorts = {
  readonly time: Time
  readonly tell: (event: DriverEvent) => void
  readonly strange: (about: string) => void
  /** Whether an attempt of ours is under way: its end asks for the stock by itself. */
  readonly isBusy: () => boolean
  readonly read: (what: 'read_condition' | 'read_stock') => void
}

export type MachineNews = {
  readonly hear: (message: Message) => void
  /** Takes an answer to GetStatus; `tell` says the condition even if it is the one told last. */
  readonly takeStatus: (body: Element, how?: 'tell') => void
  readonly status: () => number | undefined
  /** At work, and neither idle nor in error. */
  readonly isMoving: () => boolean
  /** At rest, without an error, and nothing to be counted again. */
  readonly isSound: () => boolean
  readonly whatToVerify: () => 1 | 2 | 3
  /** Resolves when it says that it rests, or after `ms`. */
  readonly rest: (ms: number) => Promise<void>
  readonly forgetFault: () => void
  readonly forget: () => void
}

/** Changes of levels come by the dozen: what it holds is read once after them. */
const settleMs = 1_000
const namesMax = 200

const quiet: ReadonlySet<string> = new Set(
  (
    'statuschangeevent amountdetailsevent dispensedetailsevent incompletetransaction eventstatuschange ' +
    'eventdepositcountchange eventdepositcountmonitor eventreplenishcountchange eventwaitforremoving eventremoved ' +
    'eventwaitforinsertion eventwaitforopening eventlocked eventcassetteinserted eventcassettechecked ' +
    'eventdownloadprogress eventlogreadprogress eventdepositcategoryinfo eventcountedcategory2 eventcountedcategory3'
  ).split(' '),
)
const stockMoved =
  /^(changeinventorystatus|event(empty|low|exist|high|full|missing)|eventcassetteinventory.*)$/

class News implements MachineNews {
  #status: number | undefined
  #fault: Fault | undefined
  #told = ''
  #stopStock: (() => void) | undefined
  #unverified = new Set<number>()
  #unknownNames = new Set<string>()
  #resting = new Set<() => void>()
  readonly #ports: NewsPorts

  constructor(ports: NewsPorts) {
    this.#ports = ports
  }

  #waiting(): number[] {
    return [...this.#unverified].sort((a, b) => a - b)
  }

  #say(condition: Condition, again = false): void {
    const text = JSON.stringify(condition)
    if (text === this.#told && !again) return
    this.#told = text
    this.#ports.tell({ type: 'condition', condition })
  }

  #stop(why: Fault): void {
    this.#say({ is: 'fault', fault: why })
  }

  #setStatus(code: number | undefined): void {
    this.#status = code
    if (code === undefined || statusOf(code) !== 'idle') return
    this.#fault = undefined
    for (const rested of this.#resting) rested()
    this.#resting.clear()
  }

  #changeStatus(body: Element) {
    const code = wholeOf(textOf(body, 'status'))
    this.#setStatus(code)
    const meaning = code === undefined ? 'busy' : statusOf(code)
    if (meaning === 'error') {
      const error = wholeOf(textOf(body, 'error'))
      if (error !== undefined && error !== 0)
        this.#fault = faultOf(error, textOf(body, 'recoveryurl'), this.#fault?.text)
      return this.#stop(this.#fault ?? faultOf(undefined))
    }
    if (meaning === 'suspicious') return this.#stop(suspiciousFault)
    if (this.#ports.isBusy()) return
    if (meaning !== 'idle') return this.#say({ is: 'busy' })
    this.#say(
      this.#unverified.size === 0
        ? { is: 'ready' }
        : { is: 'fault', fault: verifyFault(this.#waiting()) },
    )
  }

  #trust({ name, devId }: Message) {
    const devices = devId === undefined ? [1, 2] : [devId]
    if (name.startsWith('eventrequireverify')) {
      for (const one of devices) this.#unverified.add(one)
      this.#stop(verifyFault(this.#waiting()))
      return
    }
    for (const one of devices) this.#unverified.delete(one)
    // Several things of one device may be in doubt: the machine knows whether all are well.
    if (!this.#ports.isBusy()) this.#ports.read('read_condition')
  }

  #readStockSoon() {
    if (this.#ports.isBusy() || this.#stopStock !== undefined) return
    this.#stopStock = this.#ports.time.after(settleMs, () => {
      this.#stopStock = undefined
      if (!this.#ports.isBusy() && this.#status !== undefined && statusOf(this.#status) === 'idle')
        this.#ports.read('read_stock')
    })
  }

  hear(message: Message) {
    const { name, body } = message
    if (name === 'statuschangeevent') return this.#changeStatus(body)
    if (name === 'eventerror') {
      this.#fault = faultOf(wholeOf(textOf(body, 'errorcode')), textOf(body, 'recoveryurl'))
      return this.#stop(this.#fault)
    }
    if (name === 'specialdeviceerror') {
      const text = textOf(body, 'errormessage')
      this.#fault = faultOf(wholeOf(textOf(body, 'errorcode')), this.#fault?.help, text)
      return this.#stop(this.#fault)
    }
    if (/^event(requireverify|exact)/.test(name)) return this.#trust(message)
    if (name === 'eventopened') {
      const door = textOf(body, 'devicepositionid') ?? ''
      return this.#stop({
        kind: 'door',
        code: `door ${door}`.trim().slice(0, codeCharsMax),
        text: 'a door is open',
      })
    }
    if (name === 'eventclosed')
      return this.#ports.isBusy() ? undefined : this.#ports.read('read_condition')
    if (stockMoved.test(name)) return this.#readStockSoon()
    if (quiet.has(name) || name.endsWith('response') || this.#unknownNames.has(name)) return
    if (this.#unknownNames.size < namesMax) this.#unknownNames.add(name)
    this.#ports.strange(`news that nobody knows: ${name}`)
  }

  takeStatus(body: Element, how?: 'tell'): void {
    this.#setStatus(machineStatusOf(body).code)
    if (childOf(body, 'requireverifyinfos') !== undefined) {
      this.#unverified.clear()
      for (const devId of unverifiedOf(body)) this.#unverified.add(devId)
    }
    const condition = conditionOf(body, this.#waiting(), this.#fault)
    if (how === 'tell' || condition.is === 'fault') this.#say(condition, how === 'tell')
  }

  status(): number | undefined {
    return this.#status
  }

  isMoving(): boolean {
    return this.#status !== undefined && !/^(idle|error)$/.test(statusOf(this.#status))
  }

  isSound(): boolean {
    const idle = this.#status !== undefined && statusOf(this.#status) === 'idle'
    return idle && this.#unverified.size === 0
  }

  whatToVerify(): 1 | 2 | 3 {
    if (this.#unverified.size !== 1) return 1
    return this.#unverified.has(2) ? 3 : 2
  }

  rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const rested = () => {
        stop()
        this.#resting.delete(rested)
        resolve()
      }
      const stop = this.#ports.time.after(ms, rested)
      this.#resting.add(rested)
    })
  }

  forgetFault(): void {
    this.#fault = undefined
  }

  forget(): void {
    this.#status = undefined
    this.#told = ''
    this.#stopStock?.()
    this.#stopStock = undefined
    for (const rested of this.#resting) rested()
  }
}

export const watchMachine = (ports: NewsPorts): MachineNews => new News(ports)
