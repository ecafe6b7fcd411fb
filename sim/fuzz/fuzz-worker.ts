import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { gatherMessages } from './gather-messages.ts'
import { type Heard, hearMessages } from './hear-messages.ts'
import { hearWire } from './hear-wire.ts'

// Lives lives out of their seeds, one after the other, and tells of each; what a server would die of ends it.

export type FuzzTask = {
  /** Where the number of the life under way stands, for whoever watches that it goes on. */
  readonly at: SharedArrayBuffer
  readonly seed: number
  readonly first: number
  readonly lives: number
  readonly messagesEach: number
  /** Every so many lives one is over real sockets. */
  readonly wireEvery: number
}

export type FuzzTold = Heard & {
  readonly life: number
  readonly heapMb: number
  /** What is left after it was tidied up; only of some. */
  readonly restMb?: number
}

/** All was said. */
export type FuzzOver = { readonly over: readonly string[] }

/** Lives over real sockets, in turn; the polled machine is asked one thing at a time, which takes longest. */
const turns = ['soap', 'socket', 'soap', 'socket', 'rest'] as const
const restEvery = 200

setFlagsFromString('--expose-gc')
const tidyUp = runInNewContext('gc') as () => void
const mb = () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return (heapUsed + external + arrayBuffers) / 1_000_000
}

const { at, seed, first, lives, messagesEach, wireEvery } = workerData as FuzzTask
const now = new Int32Array(at)
const sound = await gatherMessages()
for (let life = first; life < lives; life += 1) {
  Atomics.store(now, 0, life)
  const own = (seed * 1_000_003 + life) >>> 0
  const wire = life % wireEvery === wireEvery - 1
  const turn = turns[Math.floor(life / wireEvery) % turns.length] ?? 'soap'
  const heard = await (wire
    ? hearWire(own, messagesEach, sound, turn)
    : hearMessages(own, messagesEach, sound))
  const heapMb = mb()
  const measured = life % restEvery === 0 || life === lives - 1
  if (measured) tidyUp()
  const told: FuzzTold = { ...heard, life, heapMb, ...(measured && { restMb: mb() }) }
  parentPort?.postMessage(told)
}
// What is still open by then keeps the process from ending.
const open: FuzzOver = { over: process.getActiveResourcesInfo() }
parentPort?.postMessage(open)
