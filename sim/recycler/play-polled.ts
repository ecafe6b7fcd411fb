import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Attempt, Work } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { openRestOver } from '@tillkeeper/devices/cash-recycler/rest/rest-driver.ts'
import { type Recycler, runRecycler } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import {
  fillCash,
  thaiFloat,
  thaiPlan,
} from '@tillkeeper/devices/cash-recycler/simulator/rest-cash.ts'
import { RestPlay } from '@tillkeeper/devices/cash-recycler/simulator/rest-play.ts'
import { answerWith } from '@tillkeeper/devices/cash-recycler/simulator/rest-server.ts'
import { random } from '../world/random.ts'
import { makeScheduler } from '../world/scheduler.ts'
import { balance, type Ended, type Noted, type Played } from './balance.ts'
import {
  type KillPoint,
  killPoints,
  type PosterFault,
  polledPhases,
  posterFaults,
} from './faults.ts'
import { layPolledLine, type PolledLine } from './memory-poster.ts'

// One polled machine, one shop, some work, and what goes wrong with it: driver, state machine, runner and settling as
// in a store server, the machine as its simulator plays it, and virtual time.

const second = 1_000
const minute = 60 * second
const patience = { giveUpMs: 15 * minute, runMs: 90 * minute }
const personEveryMs = 5 * second
const baht = 'THB' as Currency
const login = { username: 'till', password: 'till' }
const starts = ['/api/transaction/StartPayment', '/api/transaction/StartWithdrawal']
const paths = [
  ...[...starts, ...starts, '/api/transaction/CancelPayment', '/api/device/LastTransaction'],
  ...['/api/device/ActiveTransaction', '/api/device/AllLevels'],
]
const never = () => new Promise<never>(() => {})

type Life = { alive: boolean; recycler: Recycler | undefined; line: PolledLine | undefined }

class PolledShop {
  readonly world = makeScheduler()
  readonly rnd
  readonly play: RestPlay
  readonly front
  readonly fired: Record<string, number> = {}
  readonly noted: Noted[] = []
  readonly ended: Ended[] = []
  readonly refused = new Set<string>()
  readonly lines: string[] = []
  readonly start: ReadonlyMap<number, number>
  killAt: KillPoint | undefined
  trap: (typeof polledPhases)[number] | undefined
  fault: { readonly path: string; readonly kind: PosterFault } | undefined
  life: Life = { alive: false, recycler: undefined, line: undefined }
  lives = 0
  feed: number[] = []
  attemptSince = 0
  up = true
  #number = 0
  #cancelAfterMs = 0

  constructor(seed: number) {
    this.rnd = random(seed).fork('polled')
    const cash = fillCash(thaiPlan, thaiFloat)
    const tellsPieces = this.rnd.chance(0.5)
    this.play = new RestPlay({ cash, tellsPieces, after: this.world.after, giveMs: 100 })
    this.front = answerWith({ ...login, now: this.world.nowMs }, this.play)
    this.start = this.truth()
  }

  truth(): ReadonlyMap<number, number> {
    const { cash } = this.play
    return new Map(
      cash.plan.faces.map(({ faceMinor }) => [
        faceMinor,
        cash.recycling(faceMinor) + cash.boxed(faceMinor),
      ]),
    )
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

  live(): void {
    const life: Life = { alive: true, recycler: undefined, line: undefined }
    this.life = life
    this.lives += 1
    const { world, front } = this
    const after = (ms: number, run: () => void) => world.after(ms, () => life.alive && run())
    const clock = { now: world.nowMs, after }
    const line = layPolledLine({
      ...{ world, front, isUp: () => this.up, isAlive: () => life.alive },
      takeFault: (path) => this.#takeFault(path),
      watch: (path, when) => {
        if (life.alive && starts.includes(path)) this.#maybeDie(`${when}_heard`)
      },
    })
    life.line = line
    life.recycler = runRecycler({
      open: this.openAttempt(),
      openDriver: (ports) => openRestOver(line.poster, login, clock, ports),
      note: async (attempt) => {
        if (this.#maybeDie('before_note')) return never()
        this.noted.push({ attempt, truth: this.truth(), fired: { ...this.fired } })
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
      ...{ trace: () => {}, after },
    })
  }

  #takeFault(path: string): PosterFault | undefined {
    if (this.fault?.path !== path) return undefined
    const { kind } = this.fault
    this.fault = undefined
    this.fire(kind)
    return kind
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
    this.life.line?.cut()
    this.world.after(this.rnd.between(1, 60) * second, () => this.live())
  }

  phase(): (typeof polledPhases)[number] {
    const seen = this.play.seen()
    if (seen === undefined) return 'idle'
    return seen.phase === 'waiting' ? 'waiting' : 'giving'
  }

  /** The customer, who takes what comes and puts in what is in hand. */
  handle(): void {
    this.play.cash.empty()
    const phase = this.phase()
    const [face] = this.feed
    if (phase === 'waiting' && face !== undefined && this.play.insert(minor(face))) {
      this.feed.shift()
    }
    if (this.trap === phase) {
      this.trap = undefined
      this.die(`kill at ${phase}`)
    }
    this.world.after(90, () => this.handle())
  }

  /** A person who looks after the machine, and after work that nobody ends. */
  care(): void {
    if (this.play.errorCode !== 0 && this.rnd.chance(0.4)) this.play.mend()
    const state = this.state()
    if (state !== undefined && this.openAttempt() !== undefined) {
      const waited = this.world.nowMs() - this.attemptSince
      if (state.at === 'working' && waited > this.#cancelAfterMs) {
        this.life.recycler?.order({ type: 'cancel' })
      }
      // Who paid too little, and whose till does not know of it any more, pays the rest.
      if (waited > 3 * minute && this.feed.length === 0) this.feed = [100_000, 100_000]
      if (waited > patience.giveUpMs) this.life.recycler?.order({ type: 'give_up' })
    }
    this.world.after(personEveryMs, () => this.care())
  }

  async until(isSo: () => boolean): Promise<boolean> {
    await this.world.run(this.world.nowMs() + patience.runMs, isSo)
    return isSo()
  }

  begin(work: Work): string {
    this.#number += 1
    const attemptId = `attempt ${this.#number}`
    const seqNo = String(this.#number).padStart(11, '0')
    this.attemptSince = this.world.nowMs()
    this.#cancelAfterMs = this.rnd.between(5, 120) * second
    const attempt = { attemptId, seqNo, currency: baht, work, before: [] }
    this.life.recycler?.order({ type: 'work', attempt })
    return attemptId
  }
}

function drawWork({ rnd }: PolledShop): Work {
  const amountMinor = minor(100 * rnd.between(1, 2_000))
  if (rnd.chance(0.3)) return { kind: 'pay_out', amountMinor }
  return rnd.chance(0.05) ? { kind: 'deposit' } : { kind: 'pay_in', amountMinor }
}

/** What the customer has in hand: enough, or half of it. */
function drawFeed({ rnd }: PolledShop, work: Work): number[] {
  const feed: number[] = []
  const due = work.kind === 'pay_in' ? work.amountMinor : 0
  for (let sum = 0; sum < due && feed.length < 20; ) {
    const face = rnd.pick([100_000, 50_000, 10_000, 10_000, 5_000, 2_000, 1_000])
    feed.push(face)
    sum += face
  }
  return rnd.chance(0.8) ? feed : feed.slice(0, Math.floor(feed.length / 2))
}

function plant(shop: PolledShop): void {
  const { rnd, play, world } = shop
  switch (rnd.below(8)) {
    case 0:
    case 1:
    case 2:
      shop.fault = { path: rnd.pick(paths), kind: rnd.pick(posterFaults) }
      return
    case 3:
      shop.killAt = rnd.pick(killPoints)
      return
    case 4:
      shop.trap = rnd.pick(polledPhases)
      return
    case 5:
      shop.fire('jam')
      play.jamAfter(rnd.below(3))
      return
    case 6: {
      shop.fire('misbook')
      const { faceMinor } = rnd.pick(play.cash.plan.faces.filter(({ maxPieces }) => maxPieces > 0))
      play.misbelieve(faceMinor, rnd.pick([-2, -1, 1, 3]))
      return
    }
    default:
      world.after(rnd.between(100, 8_000), () => breakLine(shop))
  }
}

function breakLine(shop: PolledShop): void {
  const { rnd, play, world, front } = shop
  const kind = rnd.pick(['offline', 'restart', 'token revoked'] as const)
  shop.fire(kind)
  front.forget()
  if (kind === 'token revoked') return
  if (kind === 'restart') play.breakOff()
  shop.up = false
  shop.life.line?.cut()
  world.after(rnd.between(1, 40) * second, () => {
    shop.up = true
  })
}

/** Lives one run of a polled machine out of its seed. */
export async function playPolled(seed: number): Promise<Played> {
  const shop = new PolledShop(seed)
  const rests = () => shop.state()?.at === 'idle' && shop.openAttempt() === undefined
  let stuck = ''
  shop.live()
  shop.handle()
  shop.care()
  for (let nth = shop.rnd.between(3, 6); nth > 0 && stuck === ''; nth -= 1) {
    if (!(await shop.until(rests))) {
      stuck = `${shop.state()?.at} before work`
      break
    }
    for (let count = shop.rnd.below(3); count > 0; count -= 1) plant(shop)
    const work = drawWork(shop)
    shop.feed = drawFeed(shop, work)
    const { lives } = shop
    const id = shop.begin(work)
    const over = () =>
      shop.refused.has(id) ||
      shop.ended.some(({ attempt }) => attempt.attemptId === id) ||
      (shop.lives > lives && rests())
    if (!(await shop.until(over))) stuck = `${shop.state()?.at} at work`
  }
  const last = await putRight(shop, rests)
  const { noted, ended, start, fired, lines } = shop
  const run = { seed, noted, ended, start, end: shop.truth(), last, fired, stuck, lines }
  const played = balance(run)
  const named = Object.entries(fired).map(([name, times]) => [`polled ${name}`, times] as const)
  return { ...played, fired: Object.fromEntries(named) }
}

/** A person counts what it holds, and a new process reads that. */
async function putRight(shop: PolledShop, rests: () => boolean) {
  const { play } = shop
  shop.trap = undefined
  shop.killAt = undefined
  shop.fault = undefined
  await shop.until(rests)
  play.mend()
  for (const { faceMinor } of play.cash.plan.faces) play.misbelieve(faceMinor, 0)
  shop.die('kill at the end')
  await shop.until(rests)
  const state = shop.state()
  return state?.at === 'idle' ? state.stock : undefined
}
