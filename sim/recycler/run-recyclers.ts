import type { Asked } from '../run/arguments.ts'
import { allFaults, allPolledFaults } from './faults.ts'
import { playPolled } from './play-polled.ts'
import { playRecycler } from './play-recycler.ts'

export type RecyclerFigures = {
  readonly runs: number
  readonly unaccountedMinor: number
  readonly unresolved: number
  /** Runs in which something is wrong, money or not. */
  readonly failed: number
  readonly neverFired: readonly string[]
}

/** Every fourth machine is a polled one, which is quick to play and has fewer ways to fail. */
const polledEvery = 4
export const playOf = (seed: number) =>
  seed % polledEvery === 0 ? playPolled(seed) : playRecycler(seed)

/** Lives so many runs of a cash recycler, or the one of a seed again, with all that happened. */
export async function runRecyclers({
  recyclers,
  seed,
  trace,
  options,
}: Asked): Promise<RecyclerFigures> {
  const replay = seed !== undefined && options.get('recycler') === ''
  const first = seed ?? 1
  const fired = new Set<string>()
  const figures = { runs: replay ? 1 : recyclers, unaccountedMinor: 0, unresolved: 0, failed: 0 }
  for (let at = first; at < first + figures.runs; at += 1) {
    const played = await playOf(at)
    for (const name of Object.keys(played.fired)) fired.add(name)
    figures.unaccountedMinor += played.unaccountedMinor
    figures.unresolved += played.unresolved.length
    if (trace) process.stderr.write(`${played.lines.join('\n')}\n`)
    if (trace) for (const one of played.unresolved) process.stderr.write(`open: ${one}\n`)
    if (played.why.length === 0) continue
    figures.failed += 1
    process.stderr.write(`BROKEN seed ${at}: ${played.why.join('; ')}\n`)
    process.stderr.write(`        again: npm run sim -- --recycler --seed ${at} --trace\n`)
  }
  return {
    ...figures,
    neverFired: replay ? [] : [...allFaults, ...allPolledFaults].filter((name) => !fired.has(name)),
  }
}
