import type { Random } from '../lab/random.ts'
import type { Fate, FateKind, HttpRequest } from './fault-proxy.ts'

export type Weather = {
  readonly random: Random
  /** How many of a hundred requests meet something. */
  readonly badPercent: number
  /** How long a half-open line stays open; above the patience of who asked. */
  readonly halfOpenMs: number
}

type FaultKind = Exclude<FateKind, 'pass'>

/** The faults that a seeded wire deals out, and what each must have been by its end. */
export const faultKinds: readonly FaultKind[] = [
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

/** Of a hundred faults that chance deals; a half-open line holds its client while it waits, so it is rare. */
const shares: Readonly<Record<FaultKind, number>> = {
  half_open: 2,
  cut_request: 23,
  cut_reply: 30,
  repeat: 20,
  reorder: 10,
  delay: 5,
  answer: 10,
}
const deck: readonly FaultKind[] = faultKinds.flatMap((kind) =>
  Array<FaultKind>(shares[kind]).fill(kind),
)

/**
 * The weather of one wire: says of each request what happens to it. The first faults are one of each kind, so that a
 * short run meets all of them whatever its seed; the others come by their shares.
 */
export function startWeather(weather: Weather): (request: HttpRequest) => Fate {
  const { random, badPercent } = weather
  const first = [...faultKinds]
  return (request) => {
    if (random.next() * 100 >= badPercent) return { kind: 'pass' }
    const kind = first.splice(random.whole(0, first.length - 1), 1)[0] ?? random.pick(deck)
    return shapeFate(kind, weather, request)
  }
}

function shapeFate(kind: FaultKind, { random, halfOpenMs }: Weather, request: HttpRequest): Fate {
  switch (kind) {
    case 'half_open':
      return { kind, ms: halfOpenMs }
    case 'cut_request':
      return { kind, at: random.whole(0, request.bytes.length - 1) }
    case 'cut_reply':
      return { kind, at: random.whole(0, replyBytesMax) }
    case 'repeat':
      return { kind, times: random.whole(2, 3), atOnce: random.chance(0.5) }
    case 'reorder':
      return { kind, ms: random.whole(5, 40) }
    case 'delay':
      return { kind, ms: random.whole(1, 60) }
    case 'answer':
      return random.pick(strangers)
  }
}
