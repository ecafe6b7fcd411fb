import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fleet } from '../actors/fleet.ts'
import { checkTables } from '../postgres/check-tables.ts'
import { type Databases, makeDatabases } from '../postgres/database.ts'
import { findNeverFired } from '../world/counters.ts'
import type { FaultKind } from '../worlds/fault-kinds.ts'
import { minimise, replayCommand } from '../worlds/minimise.ts'
import { type Overrides, planWorld } from '../worlds/plan-world.ts'
import { runWorld } from '../worlds/run-world.ts'
import type { Asked } from './arguments.ts'
import type { WorldAnswer, WorldTask } from './world-worker.ts'

export type SeedFigures = {
  readonly seeds: number
  readonly violations: number
  readonly neverFired: readonly string[]
  readonly shopDaysPerMinute: number
  /** Worlds whose disks were projected on a real PostgreSQL as well. */
  readonly onPostgres: number
}

/** One world in so many is lived twice: the traces must agree (G12). */
const twiceEvery = 20
/** One world in so many is lived here, beside the workers, and projected on a real PostgreSQL (P1 … P5). */
const postgresEvery = 50
const postgresFirst = 9
/** Worlds that a worker is sent before it has answered. */
const aheadMax = 3
const progressEveryMs = 5_000
/** Failing worlds that are made smaller; the others are only named. */
const minimisedMax = 3
const seedsFolder = fileURLToPath(new URL('../seeds', import.meta.url))

/** Lives random worlds in as many processes as there are cores. */
export async function runSeeds({ seeds, seed: first = 1 }: Asked): Promise<SeedFigures> {
  const beganMs = performance.now()
  const counts: Record<string, number> = {}
  const failed: WorldAnswer[] = []
  let lived = 0
  let shopDays = 0
  let violations = 0
  const progress = setInterval(() => {
    const s = Math.round((performance.now() - beganMs) / 1_000)
    process.stderr.write(
      `${lived} of ${seeds} worlds, ${shopDays} shop days, ${violations} violations, ${s} s\n`,
    )
  }, progressEveryMs)
  const hear = (answer: WorldAnswer) => {
    lived += 1
    shopDays += answer.shopDays
    for (const [name, times] of Object.entries(answer.counts)) {
      counts[name] = (counts[name] ?? 0) + times
    }
    if (!answer.same) process.stderr.write(`G12: seed ${answer.plan.seed} is not the same twice\n`)
    const broken = answer.violations.length + (answer.same ? 0 : 1)
    violations += broken
    if (broken > 0) failed.push(answer)
  }
  const tasks = Array.from({ length: seeds }, (_, index): WorldTask => {
    return { seed: first + index, twice: index % twiceEvery === 0, small: false }
  })
  const isOnPostgres = (_: WorldTask, index: number) => index % postgresEvery === postgresFirst
  const onPostgres = tasks.filter(isOnPostgres)
  const others = tasks.filter((task, index) => !isOnPostgres(task, index))
  await Promise.all([
    ...Array.from({ length: availableParallelism() }, () => work(others, hear)),
    liveOnPostgres(onPostgres, hear),
  ])
  clearInterval(progress)
  process.stderr.write(`${onPostgres.length} worlds were projected on PostgreSQL\n`)
  for (const answer of failed) tell(answer)
  for (const answer of failed
    // What only a database sees is not made smaller: each try would need one.
    .filter(({ violations: found }) => found.some(({ checker }) => !checker.startsWith('P')))
    .slice(0, minimisedMax)) {
    await keepSmallest(answer.plan.seed)
  }
  const minutes = (performance.now() - beganMs) / 60_000
  for (const [name, times] of Object.entries(counts).sort())
    process.stderr.write(`${name} ${times}\n`)
  return {
    seeds: lived,
    violations,
    neverFired: findNeverFired(counts),
    shopDaysPerMinute: Math.round(shopDays / minutes),
    onPostgres: onPostgres.length,
  }
}

async function liveOnPostgres(
  tasks: readonly WorldTask[],
  hear: (answer: WorldAnswer) => void,
): Promise<void> {
  const databases = makeDatabases()
  const check = checkOn(databases)
  for (const { seed } of tasks) hear({ ...(await runWorld(planWorld(seed), check)), same: true })
  await databases.close()
}

/** Checks one world after another in one database, which is opened for the first. */
function checkOn(databases: Databases): (fleet: Fleet) => Promise<void> {
  let opening: ReturnType<Databases['open']> | undefined
  return async (fleet) => {
    opening ??= databases.open()
    await checkTables(fleet, await opening)
  }
}

function work(tasks: WorldTask[], hear: (answer: WorldAnswer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('world-worker.ts', import.meta.url)))
    let waiting = 0
    const next = () => {
      while (waiting < aheadMax && tasks.length > 0) {
        waiting += 1
        child.send(tasks.shift() as WorldTask)
      }
      if (waiting === 0) child.disconnect()
    }
    child.on('message', (answer: WorldAnswer) => {
      hear(answer)
      waiting -= 1
      next()
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
    )
    next()
  })
}

function tell({ plan, violations }: WorldAnswer): void {
  process.stderr.write(
    `BROKEN  seed ${plan.seed}: ${plan.shops} shops, ${plan.days} days, ${plan.kinds.join(', ')}\n`,
  )
  for (const { checker, why, atMs } of violations.slice(0, 3)) {
    process.stderr.write(`        ${checker} at ${atMs} ms: ${why}\n`)
  }
  const onPostgres = violations.some(({ checker }) => checker.startsWith('P')) ? ' --postgres' : ''
  process.stderr.write(`        again: ${replayCommand(plan)}${onPostgres}\n`)
}

/** A failing seed, as it is kept beside the tests. */
export type KeptSeed = {
  readonly seed: number
  readonly overrides: Overrides
  readonly checker: string
  readonly why: string
}

async function keepSmallest(seed: number): Promise<void> {
  const failed = await runWorld(planWorld(seed))
  const { lived, overrides, tried } = await minimise(failed)
  const [violation] = lived.violations
  if (violation === undefined) return
  const kept: KeptSeed = { seed, overrides, checker: violation.checker, why: violation.why }
  mkdirSync(seedsFolder, { recursive: true })
  const file = join(seedsFolder, `${violation.checker.toLowerCase()}-${seed}.json`)
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`)
  process.stderr.write(
    `smallest of ${tried}: ${replayCommand(lived.plan)}\n        kept as ${file}\n`,
  )
}

/** Lives one world again, and says what happened. */
export async function replaySeed({ seed = 1, options, trace }: Asked): Promise<SeedFigures> {
  const beganMs = performance.now()
  const databases = makeDatabases()
  const check = options.has('postgres') ? checkOn(databases) : undefined
  const lived = await runWorld(planWorld(seed, readOverrides(options)), check)
  await databases.close()
  if (trace) process.stderr.write(`${lived.last.join('\n')}\n`)
  process.stderr.write(
    `${JSON.stringify(lived.plan)}\n${JSON.stringify(lived.counts, undefined, 1)}\n`,
  )
  process.stderr.write(
    `${lived.events} events, ${lived.promised} promises, at rest after ${lived.restMs} ms, trace ${lived.trace}\n`,
  )
  for (const { checker, why, atMs } of lived.violations) {
    process.stderr.write(`BROKEN  ${checker} at ${atMs} ms: ${why}\n`)
  }
  return {
    seeds: 1,
    violations: lived.violations.length,
    neverFired: [],
    shopDaysPerMinute: Math.round((lived.shopDays * 60_000) / (performance.now() - beganMs)),
    onPostgres: check === undefined ? 0 : 1,
  }
}

const numberNames = {
  shops: 'shops',
  tills: 'tills',
  days: 'days',
  acts: 'actsPerTill',
  edits: 'edits',
  holiday: 'holiday',
} as const

function readOverrides(options: Asked['options']): Overrides {
  const overrides: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(numberNames)) {
    const text = options.get(name)
    if (text !== undefined) overrides[field] = Number(text)
  }
  const kinds = options.get('kinds')
  if (kinds !== undefined) {
    overrides.kinds = kinds === 'none' ? [] : (kinds.split(',') as readonly FaultKind[])
  }
  return overrides
}
