import { children, type Fleet, machines } from '../actors/fleet.ts'
import type { Disk, Image } from '../world/disk.ts'
import { fairWeather, type Line, type Weather } from '../world/network.ts'
import type { Random } from '../world/random.ts'

// What goes wrong in a random world. Each kind draws its own chance, so that a world with one kind less
// is much the same world.

export const faultKinds = [
  'bad_weather',
  'slow_line',
  'one_way',
  'line_down',
  'flapping',
  'kill',
  'power_cut',
  'pause',
  'disk_full',
  'clock_jump',
  'clock_frozen',
  'upgrade',
  'store_restored',
  'cloud_restored',
] as const
export type FaultKind = (typeof faultKinds)[number]

type Injecting = {
  readonly fleet: Fleet
  readonly chance: Random
  /** Until when faults begin; some last a while longer. */
  readonly untilMs: number
}

/** Lets a kind of fault happen now and then, until the day is over. */
export function injectFaults(fleet: Fleet, kind: FaultKind, untilMs: number): void {
  const { time } = fleet.world
  const chance = fleet.world.chance.fork(`${kind} ${time.nowMs()}`)
  const injecting: Injecting = { fleet, chance, untilMs }
  const [firstMs, meanMs] = rates[kind]
  const next = () => {
    if (time.nowMs() >= untilMs) return
    fleet.world.trace.note(`fault ${kind}`)
    injectors[kind](injecting)
    time.after(1_000 + chance.below(2 * meanMs), next)
  }
  time.after(chance.below(firstMs), next)
}

/** How soon the first one comes, and how far apart they are. */
const rates: Readonly<Record<FaultKind, readonly [firstMs: number, meanMs: number]>> = {
  bad_weather: [10_000, 120_000],
  slow_line: [10_000, 120_000],
  one_way: [60_000, 90_000],
  line_down: [60_000, 90_000],
  flapping: [30_000, 150_000],
  kill: [60_000, 60_000],
  power_cut: [60_000, 60_000],
  pause: [60_000, 60_000],
  disk_full: [60_000, 120_000],
  clock_jump: [60_000, 120_000],
  clock_frozen: [60_000, 120_000],
  upgrade: [90_000, 120_000],
  store_restored: [240_000, 400_000],
  cloud_restored: [240_000, 400_000],
}

const injectors: Readonly<Record<FaultKind, (injecting: Injecting) => void>> = {
  bad_weather: (injecting) => changeWeather(injecting, storm(injecting.chance)),
  slow_line: (injecting) => {
    const { chance } = injecting
    changeWeather(injecting, {
      ...fairWeather,
      delayMs: [50, chance.between(100, 2_000)],
      bytesPerSecond: chance.pick([4_000, 16_000, 125_000]),
    })
  },
  one_way: (injecting) => {
    const direction = injecting.chance.pick(['up', 'down'] as const)
    onLine(injecting, (line) => {
      line[direction] = false
      return () => {
        line[direction] = true
      }
    })
  },
  line_down: (injecting) =>
    onLine(injecting, (line) => {
      line.up = false
      line.down = false
      return () => {
        line.up = true
        line.down = true
      }
    }),
  flapping: (injecting) =>
    onLine(injecting, (line) => {
      line.flap = { upMs: 5_000, downMs: 5_000 }
      return () => {
        line.flap = undefined
      }
    }),
  kill: (injecting) => fell(injecting, 'kill'),
  power_cut: (injecting) => fell(injecting, 'power'),
  pause: ({ fleet, chance }) => {
    const process = chance.pick(machines(fleet)).running()
    if (process === undefined) return
    fleet.world.counters.count('process.paused')
    process.pause(chance.between(5_000, 60_000))
  },
  disk_full: ({ fleet, chance }) => {
    const { disk } = chance.pick(machines(fleet))
    disk.full = true
    fleet.world.time.after(chance.between(20_000, 120_000), () => {
      disk.full = false
    })
  },
  clock_jump: ({ fleet, chance }) => {
    const { clock } = chance.pick(children(fleet))
    fleet.world.counters.count('clock.jumped')
    clock.jump(chance.pick([-3_600_000, -60_000, 120_000, 3_600_000, 86_400_000]))
    if (chance.chance(0.5)) {
      fleet.world.counters.count('clock.skewed')
      clock.drift(chance.between(-200, 200))
    }
  },
  clock_frozen: ({ fleet, chance }) => {
    const { clock } = chance.pick(children(fleet))
    fleet.world.counters.count('clock.frozen')
    clock.freeze(true)
    fleet.world.time.after(chance.between(10_000, 90_000), () => clock.freeze(false))
  },
  upgrade: ({ fleet, chance }) => {
    const machine = chance.pick(children(fleet))
    if (machine.running() === undefined) return
    fleet.world.counters.count('process.upgraded')
    machine.shutDown().then(
      () => fleet.world.time.after(chance.between(1_000, 20_000), () => startAgain(machine)),
      () => startAgain(machine),
    )
  },
  store_restored: ({ fleet, chance }) =>
    restoreLater(fleet, chance, chance.pick(fleet.shops).store),
  cloud_restored: ({ fleet, chance }) => restoreLater(fleet, chance, fleet.cloud),
}

type Falling = ReturnType<typeof machines>[number]

function startAgain(machine: Falling): void {
  if (machine.running() === undefined) machine.boot()
}

function fell({ fleet, chance }: Injecting, how: 'kill' | 'power'): void {
  const machine = chance.pick(machines(fleet))
  if (machine.running() === undefined) return
  const fall = () => {
    machine.disk.onOp = undefined
    machine.crash(how)
    fleet.world.time.after(chance.between(500, 60_000), () => startAgain(machine))
  }
  // Half of them fall while something is being written: just before it is there, or just after.
  if (chance.chance(0.5)) {
    fall()
    return
  }
  const when = chance.pick(['writing', 'after'] as const)
  machine.disk.onOp = (op) => {
    if (when === 'after' && op.when === 'after') fall()
    if (when === 'writing' && op.when === 'before')
      fleet.world.time.after(0, () => falling() && fall())
  }
  const falling = () => machine.disk.onOp !== undefined
}

/** A backup is made, and some minutes later it is what is left. */
function restoreLater(fleet: Fleet, chance: Random, machine: Falling): void {
  const image = machine.disk.image()
  fleet.world.time.after(chance.between(30_000, 180_000), () => {
    if (machine.running() === undefined) return
    machine.crash('kill')
    fleet.truth.rewound.add(machine.name)
    restoreActs(machine.disk, image)
    fleet.world.time.after(chance.between(500, 20_000), () => startAgain(machine))
  })
}

/**
 * What others brought goes back to the backup; feeds stay, as those of a cloud whose operator has put
 * them back from a store server. A feed that goes back is a scenario of its own.
 */
function restoreActs(disk: Disk, image: Image): void {
  const before = disk.image()
  disk.restore(image)
  for (const table of ['head', 'fact', 'fact_id']) {
    for (const row of before.get(table)?.all() ?? []) {
      const { stream, seq, id } = row as { stream: string; seq: number; id: string }
      if (!stream.startsWith('feed/')) continue
      const key =
        table === 'fact_id' ? ([id, 0] as const) : ([stream, table === 'head' ? 0 : seq] as const)
      disk.rot(table, key, () => row)
    }
  }
}

function onLine({ fleet, chance }: Injecting, change: (line: Line) => () => void): void {
  const line = fleet.world.network.line(chance.pick(children(fleet)).name)
  const end = change(line)
  fleet.world.time.after(chance.between(20_000, 180_000), end)
}

function changeWeather({ fleet, chance }: Injecting, weather: Weather): void {
  for (const { name } of children(fleet)) {
    if (chance.chance(0.5)) fleet.world.network.line(name).weather = weather
  }
}

function storm(chance: Random): Weather {
  return {
    delayMs: [1, chance.between(10, 3_000)],
    lost: chance.next() * 0.25,
    twice: chance.next() * 0.2,
    late: chance.next() * 0.15,
    lateMs: 40_000,
    cut: chance.next() * 0.1,
    bent: chance.next() * 0.05,
    bytesPerSecond: Number.POSITIVE_INFINITY,
  }
}
