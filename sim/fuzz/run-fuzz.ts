import { Worker } from 'node:worker_threads'
import { bends } from './bend-message.ts'
import type { FuzzOver, FuzzTask, FuzzTold } from './fuzz-worker.ts'

// Watches over lives of machines that say anything: a life that ends its process is a crash, one that stands still
// a hang, and the next one goes on. What is said is the seed's, so that each is lived again by its number.

export type FuzzFigures = {
  readonly messages: number
  readonly crashes: number
  readonly hangs: number
  /** What came out that the contract has no place for. */
  readonly untyped: number
  readonly peakHeapMb: number
  /** By how much more was held at the end than at the beginning, tidied up both times. */
  readonly grewMb: number
  /** Attempts that ended meanwhile. */
  readonly ended: number
  readonly neverBent: readonly string[]
  readonly seed: number
}

export type FuzzOptions = {
  readonly messages: number
  readonly seed: number
  readonly say: (line: string) => void
  /** One life alone, by its number. */
  readonly only?: number | undefined
}

const messagesEach = 250
const wireEvery = 25
/** A life of 250 messages takes 20 ms, and one over sockets two seconds. */
export const hangMs = 60_000
const watchMs = 1_000
/** What a store server has for all that it does is ten times this. */
const heapMbMax = 192
export const grewMbMax = 32

type Sums = {
  messages: number
  untyped: number
  ended: number
  peakMb: number
  firstMb: number | undefined
  lastMb: number
  readonly bends: Set<string>
}

/** Lives as many messages as were asked for, in whole lives. */
export async function runFuzz({ messages, seed, say, only }: FuzzOptions): Promise<FuzzFigures> {
  const lives = only === undefined ? Math.ceil(messages / messagesEach) : only + 1
  const none = { messages: 0, untyped: 0, ended: 0, peakMb: 0, lastMb: 0 }
  const sums: Sums = { ...none, firstMb: undefined, bends: new Set() }
  const again = (life: number) => `again: npm run fuzz -- recycler --seed ${seed} --only ${life}`
  let [crashes, hangs] = [0, 0]
  for (let first = only ?? 0; first < lives; ) {
    const task = { seed, first, lives, messagesEach, wireEvery }
    const end = await runLives(task, (told) => take(sums, told, { say, again, lives }))
    if (end.how === 'done') break
    if (end.how === 'hung') hangs += 1
    else crashes += 1
    say(`${end.how} in life ${end.life}: ${end.why}; ${again(end.life)}`)
    first = end.life + 1
  }
  return {
    ...{ messages: sums.messages, crashes, hangs, untyped: sums.untyped },
    peakHeapMb: Math.round(sums.peakMb),
    grewMb: Math.round(sums.lastMb - (sums.firstMb ?? 0)),
    ended: sums.ended,
    neverBent: bends.filter((bend) => !sums.bends.has(bend)),
    seed,
  }
}

const sayEvery = 400
const untypedSaid = 20

function take(
  sums: Sums,
  { life, messages, untyped, ended, heapMb, restMb, bends: bent }: FuzzTold,
  told: { say: (line: string) => void; again: (life: number) => string; lives: number },
): void {
  for (const what of untyped) {
    sums.untyped += 1
    if (sums.untyped <= untypedSaid) told.say(`untyped: ${what}; ${told.again(life)}`)
  }
  sums.messages += messages
  sums.ended += ended
  sums.peakMb = Math.max(sums.peakMb, heapMb)
  sums.firstMb ??= restMb
  sums.lastMb = restMb ?? sums.lastMb
  for (const bend of Object.keys(bent)) sums.bends.add(bend)
  if (life % sayEvery === sayEvery - 1) {
    told.say(
      `${sums.messages} messages, life ${life + 1} of ${told.lives}, ${Math.round(heapMb)} MB`,
    )
  }
}

type End =
  | { readonly how: 'done' }
  | { readonly how: 'crashed' | 'hung'; readonly life: number; readonly why: string }

function runLives(task: Omit<FuzzTask, 'at'>, told: (told: FuzzTold) => void): Promise<End> {
  const at = new SharedArrayBuffer(4)
  const now = new Int32Array(at)
  Atomics.store(now, 0, task.first)
  return new Promise((resolve) => {
    const worker = new Worker(new URL('fuzz-worker.ts', import.meta.url), {
      workerData: { ...task, at } satisfies FuzzTask,
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    })
    let [seen, since] = [task.first, performance.now()]
    let left = ''
    const watch = setInterval(() => {
      const life = Atomics.load(now, 0)
      if (life !== seen) [seen, since] = [life, performance.now()]
      else if (performance.now() - since > hangMs)
        end({ how: 'hung', life, why: `it stands still ${left}` })
    }, watchMs)
    const end = (how: End) => {
      clearInterval(watch)
      void worker.terminate()
      resolve(how)
    }
    worker.on('message', (said: FuzzTold | FuzzOver) => {
      if ('life' in said) return told(said)
      left = said.over.join(', ')
    })
    // An exception or a rejection that nobody takes, or more memory than there is: of a server, its end.
    worker.on('error', (error: Error) => {
      end({ how: 'crashed', life: Atomics.load(now, 0), why: error.stack ?? error.message })
    })
    worker.on('exit', (code) => {
      if (code === 0) end({ how: 'done' })
      else end({ how: 'crashed', life: Atomics.load(now, 0), why: `ended with ${code}` })
    })
  })
}
