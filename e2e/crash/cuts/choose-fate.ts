import type { Random } from '../lab/random.ts'
import type { Fate, FateKind, HttpRequest } from './fault-proxy.ts'

export type Weather = {
  readonly random: Random
  /** How many of a hundred requests meet something. */
  readonly badPercent: number
  /** How long a half-open line stays open; above the patience of who asked. */
  readonly halfOpenMs: number
}

/** The faults that a seeded wire deals out, and what each must have been by its end. */
export const faultKinds: readonly FateKind[] = [
  'cut_request',
  'cut_reply',
  'repeat',
  'reorder',
  'delay',
  'half_open',
  'answer',
]

const replyBytesMax = 2_500
const strangers: readonly Extract<Fate, { kind: 'answer' }>[] = [
  { kind: 'answer', status: 200, body: '<html><body>Welcome! Accept our terms.</body></html>' },
  { kind: 'answer', status: 502, body: '<html>Bad Gateway</html>' },
  { kind: 'answer', status: 504, body: '<html>Gateway Timeout</html>' },
  { kind: 'answer', status: 413, body: '<html>Too large</html>' },
  { kind: 'answer', status: 429, body: '<html>Slow down</html>' },
  { kind: 'answer', status: 200, body: '' },
]

/** Draws what happens to a request. */
export function chooseFate(weather: Weather, request: HttpRequest): Fate {
  const { random, badPercent, halfOpenMs } = weather
  if (random.next() * 100 >= badPercent) return { kind: 'pass' }
  const roll = random.next()
  // A line that is half open holds its client for as long as it waits: there are fewer of them.
  if (roll < 0.02) return { kind: 'half_open', ms: halfOpenMs }
  if (roll < 0.25) return { kind: 'cut_request', at: random.whole(0, request.bytes.length - 1) }
  if (roll < 0.55) return { kind: 'cut_reply', at: random.whole(0, replyBytesMax) }
  if (roll < 0.75) {
    return { kind: 'repeat', times: random.whole(2, 3), atOnce: random.chance(0.5) }
  }
  if (roll < 0.85) return { kind: 'reorder', ms: random.whole(5, 40) }
  if (roll < 0.9) return { kind: 'delay', ms: random.whole(1, 60) }
  return random.pick(strangers)
}
