import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Attempt, Work } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { openGloryOver } from '@tillkeeper/devices/cash-recycler/glory/glory-driver.ts'
import { type Recycler, runRecycler } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { Fcc } from '@tillkeeper/devices/cash-recycler/simulator/fcc.ts'
import { factorySettings } from '@tillkeeper/devices/cash-recycler/simulator/fcc-sessions.ts'
import type { Quality } from '@tillkeeper/devices/cash-recycler/simulator/held-money.ts'
import {
  profileCurrencies,
  profileNames,
  profileOf,
} from '@tillkeeper/devices/cash-recycler/simulator/machine-profiles.ts'
import {
  createMachine,
  lifelike,
} from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import { type Random, random } from '../world/random.ts'
import { makeScheduler } from '../world/scheduler.ts'
import { balance, type Ended, type Noted, type Played, truthOf } from './balance.ts'
import {
  type Act,
  acts,
  type KillPoint,
  killPoints,
  machineFaults,
  phases,
  wireFaults,
} from './faults.ts'
import { type LineUser, Wires } from './memory-line.ts'

// One machine, one shop, some work, and what goes wrong with it. The driver, the state machine, the runner and the
// settling of attempts are those of a store server; the machine is the simulator's; time is virtual.

const second = 1_000
const minute = 60 * second
const timings = { ...lifelike, takesAfterMs: 1_500 }
const fccTimings = { adjustTimeMs: 3_000, heartbeatMs: 20_000 }
const personEveryMs = 20 * second
/** After so long a person gives up on knowing, or switches a machine off and on that stands still. */
const patience = { giveUpMs: 20 * minute, powerMs: 10 * minute }
const patienceOfRunMs = 120 * minute

const never = () => new Promise<never>(() => {})
const moneyOps: ReadonlySet<string> = new Set([
  ...['change', 'cashout', 'start_cashin', 'start_replenish', 'collect'],
])

type Life = { alive: boolean; recycler: Recycler | undefined }

class Shop {
  readonly world = makeScheduler()
  readonly rnd: Random
  readonly currency: Currency
  readonly fcc: Fcc
  readonly fired: Record<string, number> = {}
  readonly noted: Noted[] = []
  readonly ended: Ended[] = []
  readonly refused = new Set<string>()
  readonly lines: string[] = []
  readonly start: ReadonlyMap<number, number>
  killAt: KillPoint | undefined
  trap: { readonly phase: string; readonly act: Act } | undefined
  life: Life = { alive: false, recycler: undefined }
  lives = 0
  feed: { faceMinor: number; quality: Quality }[] = []
  attemptSince = 0
  readonly #wires: Wires
  readonly overSocket: boolean
  #number = 0
  #stoppedSince = 0
  #cancelAfterMs = 0

  constructor(seed: number) {
    this.rnd = random(seed)
    this.#wires = new Wires(this.world, this.rnd.fork('wires'), (name) => this.fire(name))
    // Every third over the machine's socket.
    this.overSocket = seed % 3 === 0
    if (this.overSocket) this.fire('over the socket')
    const name = this.rnd.pick(profileNames)
    const money = this.rnd.pick(profileCurrencies)
    this.currency = money as Currency
    const settings = {
      ...factorySettings,
      sessionEnable: this.rnd.chance(0.5),
      occupyEnable: this.rnd.chance(0.5),
      soapDuplicateCheck: this.rnd.chance(0.5),
    }
    const clock = { now: this.world.nowMs, after: this.world.after }
    const machine = createMachine(profileOf(name, money), timings)
    this.fcc = new Fcc(machine, settings, fccTimings, { clock, ...this.#wires.ports })
    this.fcc.changed = () => this.#spring()
    this.start = truthOf(machine)
    this.say(`${name} ${money} ${JSON.stringify(settings)}`)
  }

  say(text: string): void {
    this.lines.push(`${(this.world.nowMs() / second).toFixed(3)} ${text}`)
  }

  fire(name: string): void {
    this.fired[name] = (this.fired[name] ?? 0) + 1
    this.say(`! ${name}`)
  }

  state() {
    return this.life.alive ? this.life.recycler?.state() : undefined
  }

  openAttempt(): Attempt | undefined {
    const ends = new Set(this.ended.map(({ attempt }) => attempt.attemptId))
    return this.noted.find(({ attempt }) => !ends.has(attempt.attemptId))?.attempt
  }

  /** The process starts, with what its journal left open. */
  live(): void {
    const life: Life = { alive: true, recycler: undefined }
    this.life = life
    this.lives += 1
    const { world, fcc } = this
    const after = (ms: number, run: () => void) => world.after(ms, () => life.alive && run())
    const time = { now: () => 1_700_000_000_000 + world.nowMs(), after }
    const user: LineUser = {
      isAlive: () => life.alive,
      watch: (op, when) => {
        if (life.alive && moneyOps.has(op)) this.#maybeDie(`${when}_heard`)
      },
    }
    life.recycler = runRecycler({
      open: this.openAttempt(),
      openDriver: (ports) =>
        openGloryOver(
          async (line) =>
            fcc.isUp ? { ok: true, line: this.#open(fcc, line, user) } : { ok: false, why: 'off' },
          {
            ...{ host: '127.0.0.1', currency: this.currency, time },
            clock: () => new Date(time.now()),
          },
          ports,
        ),
      note: async (attempt) => {
        if (this.#maybeDie('before_note')) return never()
        this.noted.push({ attempt, truth: truthOf(fcc.machine), fired: this.allFired() })
        this.say(`noted ${attempt.seqNo} ${JSON.stringify(attempt.work)}`)
        if (this.#maybeDie('after_note')) return never()
      },
      conclude: async ({ attempt, settled, differences, after: held }) => {
        if (this.#maybeDie('before_conclude')) return never()
        if (!this.ended.some((one) => one.attempt.attemptId === attempt.attemptId)) {
          this.ended.push({ attempt, settled, differences, after: held })
        }
        this.say(`ended ${attempt.seqNo} ${JSON.stringify(settled)} ${JSON.stringify(differences)}`)
        if (this.#maybeDie('after_conclude')) return never()
      },
      tell: (news) => {
        if (news.type === 'refuse') this.refused.add(news.attemptId)
        if (news.type !== 'seen') this.say(`  ${JSON.stringify(news).slice(0, 160)}`)
      },
      trace: () => {},
      after,
    })
  }

  #open(...asked: Parameters<Wires['open']>) {
    return this.overSocket ? this.#wires.openSocket(...asked) : this.#wires.open(...asked)
  }

  allFired(): Readonly<Record<string, number>> {
    return { ...this.fcc.fired, ...this.fired }
  }

  #maybeDie(point: KillPoint): boolean {
    if (this.killAt !== point) return false
    this.killAt = undefined
    this.die(`kill ${point}`)
    return true
  }

  die(name: string): void {
    if (!this.life.alive) return
    this.fire(name)
    this.life.alive = false
    this.#wires.cut()
    this.world.after(this.rnd.between(1, 90) * second, () => this.live())
  }

  #spring(): void {
    const { trap, fcc } = this
    if (trap === undefined || fcc.machine.phase !== trap.phase) return
    this.trap = undefined
    this.world.after(this.rnd.between(1, 150), () => {
      const { phase } = fcc.machine
      if (trap.act === 'kill') return this.die(`kill at ${phase}`)
      this.fire(`${trap.act} at ${phase}`)
      if (trap.act === 'power') fcc.tell({ is: 'power_cycle' })
      else if (trap.act === 'cut') this.#wires.cut()
      else this.hang()
    })
  }

  hang(): void {
    this.fcc.moods.hang = true
    this.world.after(this.rnd.between(5, 300) * second, () => {
      this.fcc.moods.hang = false
    })
  }

  /** What the customer does, and a person who looks after the machine. */
  handle(): void {
    this.#insert()
    this.world.after(700, () => this.handle())
  }

  #insert(): void {
    const { machine } = this.fcc
    const { phase, operation } = machine
    if (phase === 'suspicious') {
      if (this.rnd.chance(0.1)) this.fcc.tell({ is: 'open_cover' })
      return
    }
    if (operation === undefined || !/^(starting|waiting|counting)$/.test(phase)) return
    if (!/^(pay_in|deposit|replenish)$/.test(operation.kind) || operation.finishing) return
    const piece = this.feed[0]
    if (piece === undefined) return
    const refusal = this.fcc.tell({
      is: 'insert',
      into: 'entrance',
      pieces: [{ ...piece, count: 1 }],
    })
    if (refusal !== undefined) return
    this.feed.shift()
    if (piece.quality === 'suspicious') this.fire('suspicious_note')
    if (piece.quality === 'unknown') this.fire('unknown_piece')
  }

  care(): void {
    this.#mend()
    this.world.after(personEveryMs, () => this.care())
  }

  #mend(): void {
    const { fcc, life } = this
    const state = this.state()
    const { phase, error } = fcc.machine
    if (fcc.moods.hang) return
    if (fcc.moods.otherOccupies && this.rnd.chance(0.3)) fcc.moods.otherOccupies = false
    if (state === undefined) return
    // Notes that lie in its mouth keep it from any work.
    if (phase === 'idle' && this.rnd.chance(0.5)) fcc.tell({ is: 'take' })
    const busy = /^(starting|working|settling|finding)$/.test(state.at)
    // Work that waits for a machine that stands still: the person presses the machine's own button.
    if (phase === 'blocked' && busy) {
      if (this.rnd.chance(0.5)) fcc.tell({ is: 'reset' })
      return
    }
    if (state.at !== 'stopped' && state.at !== 'checking') this.#stoppedSince = this.world.nowMs()
    else if (this.world.nowMs() - this.#stoppedSince > patience.powerMs) {
      this.#stoppedSince = this.world.nowMs()
      this.say('a person switches it off and on')
      fcc.tell({ is: 'power_cycle' })
      return
    }
    if (state.at === 'stopped' && phase !== 'resetting' && phase !== 'verifying') {
      const verify = state.fault.kind === 'verify' && error === undefined
      life.recycler?.order({ type: verify ? 'verify' : 'reset' })
    }
    if (this.openAttempt() === undefined) return
    const waited = this.world.nowMs() - this.attemptSince
    if (state.at === 'working') {
      const open = state.attempt.work.kind
      const ends = open === 'deposit' || open === 'replenish'
      if (ends && this.feed.length === 0) life.recycler?.order({ type: 'finish' })
      else if (state.short) life.recycler?.order({ type: 'end_short' })
      else if (waited > this.#cancelAfterMs) life.recycler?.order({ type: 'cancel' })
    }
    if (waited > patience.giveUpMs) life.recycler?.order({ type: 'give_up' })
  }

  /** Lives until it is so, or everybody's patience is over. */
  async until(isSo: () => boolean): Promise<boolean> {
    await this.world.run(this.world.nowMs() + patienceOfRunMs, isSo)
    return isSo()
  }

  begin(work: Work): string {
    this.#number += 1
    const attemptId = `attempt ${this.#number}`
    const seqNo = String(this.#number).padStart(11, '0')
    this.attemptSince = this.world.nowMs()
    this.#cancelAfterMs = this.rnd.between(10, 240) * second
    const attempt = { attemptId, seqNo, currency: this.currency, work, before: [] }
    this.life.recycler?.order({ type: 'work', attempt })
    return attemptId
  }

  /** The session of a process that ended holds the machine for an hour: it is switched off and on. */
  async freeLock(): Promise<void> {
    const occupied = this.ended.at(-1)?.settled.code === '3'
    if (!occupied || this.fcc.moods.otherOccupies) return
    this.fcc.tell({ is: 'power_cycle' })
    await this.world.run(this.world.nowMs() + 3 * minute)
  }

  kill(): void {
    this.die('kill at the end')
  }
}

function drawWork(shop: Shop): Work {
  const { rnd } = shop
  const units = shop.fcc.machine.profile.units.filter(({ kind }) => kind === 'recycling')
  const faces = units.flatMap((unit) => unit.faces)
  const coin = Math.min(...faces)
  const amountMinor = minor(coin * rnd.between(1, 200))
  const some = () => ({ faceMinor: minor(rnd.pick(faces)), pieces: rnd.between(1, 3) })
  switch (rnd.below(9)) {
    case 0:
      return { kind: 'pay_out', amountMinor }
    case 1: {
      const pieces = [some()]
      const worth = pieces.reduce((sum, one) => sum + one.faceMinor * one.pieces, 0)
      return { kind: 'pay_out', amountMinor: minor(worth), pieces }
    }
    case 2:
      return { kind: 'deposit' }
    case 3:
      return { kind: 'collect', to: rnd.chance(0.5) ? 'cash_box' : 'exit', pieces: [some()] }
    case 4:
      return { kind: 'replenish', from: 'entrance' }
    default:
      return { kind: 'pay_in', amountMinor }
  }
}

/** What the customer has in hand: enough or not, some of it bad. */
function drawFeed(shop: Shop, work: Work): Shop['feed'] {
  const { rnd } = shop
  const faces = [...new Set(shop.fcc.machine.profile.units.flatMap((unit) => unit.faces))]
  const target = work.kind === 'pay_in' ? work.amountMinor : Math.max(...faces)
  const enough = rnd.chance(0.8)
  const feed: Shop['feed'] = []
  let sum = 0
  while (sum < target && feed.length < 12) {
    const odd = rnd.chance(0.04)
    const quality: Quality = odd ? rnd.pick(['suspicious', 'unknown', 'unfit'] as const) : 'fit'
    const big = faces.filter((face) => face * 12 >= target - sum)
    const faceMinor = rnd.pick(big.length > 0 ? big : faces)
    feed.push({ faceMinor, quality })
    if (quality === 'fit' || quality === 'unfit') sum += faceMinor
  }
  return enough ? feed : feed.slice(0, Math.floor(feed.length / 2))
}

/** Brings about what a phase needs that no usual work has. */
function provoke(shop: Shop, work: Work): Work {
  const { rnd, fcc, trap } = shop
  const odd = (quality: Quality) => shop.feed.unshift({ faceMinor: 10_000, quality })
  const arm = () => {
    const kind = rnd.pick(['jam_giving', 'jam_counting'] as const)
    fcc.tell({ is: 'arm', fault: { kind, after: 0 } })
  }
  switch (trap?.phase) {
    case 'suspicious':
      odd('suspicious')
      break
    case 'remove_reject':
      odd('unknown')
      break
    case 'cancelling':
      shop.feed.splice(1)
      break
    case 'verifying':
      fcc.tell({ is: 'doubt', devId: 1 })
      shop.fire('doubt')
      break
    case 'error':
    case 'blocked':
    case 'resetting':
      arm()
      break
    case 'initialising':
      fcc.tell({ is: 'arm', fault: { kind: 'power_giving', after: 0 } })
      break
    case 'collecting': {
      const face = fcc.machine.profile.units.find(({ kind }) => kind === 'recycling')?.faces[0]
      const pieces = [{ faceMinor: minor(face ?? 0), pieces: 2 }]
      return { kind: 'collect', to: rnd.chance(0.5) ? 'cash_box' : 'exit', pieces }
    }
  }
  return work
}

function plant(shop: Shop): void {
  const { rnd, fcc } = shop
  const units = fcc.machine.profile.units.filter(({ kind }) => kind === 'recycling')
  switch (rnd.below(7)) {
    case 0:
      fcc.tell({ is: 'arm', fault: { kind: rnd.pick(machineFaults), after: rnd.below(4) } })
      return
    case 1:
      fcc.arm({ kind: rnd.pick(wireFaults), copies: rnd.chance(0.5) })
      return
    case 2:
      shop.killAt = rnd.pick(killPoints)
      return
    case 3:
    case 4:
      shop.trap ??= { phase: rnd.pick(phases), act: rnd.pick(acts) }
      return
    case 5: {
      const unit = rnd.pick(units)
      if (rnd.chance(0.5)) {
        shop.fire('doubt')
        fcc.tell({ is: 'doubt', devId: unit.devId })
        return
      }
      shop.fire('misbook')
      const { devId, unitNo } = unit
      const count = rnd.pick([-3, -1, 1, 2, 5])
      fcc.tell({ is: 'misbook', devId, unitNo, faceMinor: rnd.pick(unit.faces), count })
      return
    }
    default:
      if (rnd.chance(0.5)) fcc.moods.otherOccupies = true
  }
}

/** Lives one run out of its seed. The same seed is the same run, to the letter. */
export async function playRecycler(seed: number): Promise<Played> {
  const shop = new Shop(seed)
  const idle = () => shop.state()?.at === 'idle'
  let stuck: string | undefined
  shop.live()
  shop.handle()
  shop.care()
  const attempts = shop.rnd.between(3, 6)
  for (let nth = 0; nth < attempts && stuck === undefined; nth += 1) {
    if (!(await shop.until(() => idle() && shop.openAttempt() === undefined))) {
      stuck = `${shop.state()?.at} before work ${nth}`
      break
    }
    for (let count = shop.rnd.below(3); count > 0; count -= 1) plant(shop)
    const drawn = drawWork(shop)
    shop.feed = drawFeed(shop, drawn)
    const work = provoke(shop, drawn)
    if (!(await shop.until(idle))) {
      stuck = `${shop.state()?.at} before work ${nth}`
      break
    }
    const { lives } = shop
    const id = shop.begin(work)
    const over = () =>
      shop.refused.has(id) ||
      shop.ended.some(({ attempt }) => attempt.attemptId === id) ||
      (shop.lives > lives && idle() && shop.openAttempt() === undefined)
    if (!(await shop.until(over))) stuck = `${shop.state()?.at} at work ${nth}`
    await shop.freeLock()
  }
  const last = await putRight(shop)
  shop.fcc.close()
  const { noted, ended, start, fired, fcc, lines } = shop
  const all = { ...fired, ...fcc.fired }
  return balance({
    seed,
    noted,
    ended,
    start,
    end: truthOf(fcc.machine),
    last,
    fired: all,
    stuck: stuck ?? '',
    lines,
  })
}

/** A person puts the machine right: everything ended, counted again, and its stock read by a new process. */
async function putRight(shop: Shop) {
  shop.trap = undefined
  shop.killAt = undefined
  shop.fcc.moods.otherOccupies = false
  const rests = () => shop.state()?.at === 'idle' && shop.openAttempt() === undefined
  await shop.until(rests)
  // Switched off and on: what a process that ended holds of the machine is gone by that.
  shop.fcc.tell({ is: 'power_cycle' })
  await shop.world.run(shop.world.nowMs() + 5 * minute)
  await shop.until(rests)
  // The first counts what the machine doubts; the second, where it doubts nothing, all of it.
  for (let times = 0; times < 2; times += 1) {
    shop.fcc.tell({ is: 'take' })
    shop.life.recycler?.order({ type: 'verify' })
    await shop.world.run(shop.world.nowMs() + 3 * minute)
    await shop.until(rests)
  }
  shop.kill()
  await shop.until(rests)
  const state = shop.state()
  return state?.at === 'idle' ? state.stock : undefined
}
