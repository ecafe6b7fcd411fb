// What a run must have seen. A fault that never fired, or a recovery that was never taken, proves nothing.

/** Faults that random worlds inject. */
export const faults = [
  'net.lost',
  'net.twice',
  'net.late',
  'net.cut',
  'net.bent',
  'net.one_way',
  'net.down',
  'net.flapping',
  'net.slow_line',
  'disk.torn_commit',
  'disk.lost_unflushed',
  'disk.full',
  'disk.restored',
  'clock.skewed',
  'clock.jumped',
  'clock.frozen',
  'process.killed',
  'process.power_cut',
  'process.paused',
  'process.upgraded',
] as const

/** Ways back to order that the nodes must have taken. */
export const recoveries = [
  'receipt.offline',
  'receipt.acknowledged',
  'act.not_saved',
  'act.found_after_restart',
  'epoch.minor_raised',
  'epoch.continued',
  'push.duplicate_dropped',
  'nack.gap',
  'nack.damaged',
  'link.backoff',
  'link.poke_line_lost',
  'ack.lost_then_found',
  'parent.rolled_back',
  'facts.pruned',
] as const

export type Fault = (typeof faults)[number]
export type Recovery = (typeof recoveries)[number]

/** How often each thing happened, by name. */
export type Counters = {
  readonly count: (name: string, times?: number) => void
  readonly of: (name: string) => number
  readonly all: () => Readonly<Record<string, number>>
}

export function makeCounters(): Counters {
  const counts = new Map<string, number>()
  return {
    count: (name, times = 1) => counts.set(name, (counts.get(name) ?? 0) + times),
    of: (name) => counts.get(name) ?? 0,
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Names that must have been counted and were not. */
export function findNeverFired(counts: Readonly<Record<string, number>>): readonly string[] {
  return [...faults, ...recoveries].filter((name) => (counts[name] ?? 0) === 0)
}
