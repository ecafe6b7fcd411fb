import { jumpClock } from './clock/jump-clock.ts'
import { bendRequests } from './cuts/bend-requests.ts'
import { bendTill } from './cuts/bend-till.ts'
import { cutActs } from './cuts/cut-acts.ts'
import { cutSync } from './cuts/cut-sync.ts'
import { fillDisk } from './disk/fill-disk.ts'
import { type BaseChain, makeBaseChain } from './lab/base-chain.ts'
import { ensureLabPackages } from './lab/lab-packages.ts'
import { cutPower } from './power/cut-power.ts'
import { restartDatabase } from './restarts/restart-database.ts'
import { saleWithoutTransaction, spoilSource } from './sweep/spoil-source.ts'
import { sweepPoints } from './sweep/sweep-points.ts'

// The parts of the lab, one after the other, on one chain that each of them copies.

export const partNames = ['sweep', 'restarts', 'cuts', 'power', 'disk', 'clock'] as const
export type PartName = (typeof partNames)[number]

export type RunLab = {
  readonly parts: readonly PartName[]
  readonly seed: number
  /** A few of everything, so that it is over in a minute. */
  readonly small: boolean
  readonly lanes: number
  /** One flow, or one point of it. */
  readonly point?: string | undefined
  /** Spoils what the lab guards, to see it found. */
  readonly teeth: boolean
  readonly say: (line: string) => void
}

export type LabReport = {
  readonly points: number
  readonly restarts: number
  readonly cutRequests: number
  readonly powerCuts: number
  readonly violations: readonly string[]
  readonly seed: number
  readonly seconds: Readonly<Record<string, number>>
  /** Parts that this machine cannot do, and why. */
  readonly skipped: Readonly<Record<string, string>>
}

/** How much of each is done. */
const sizes = {
  whole: {
    sample: undefined,
    restarts: 100,
    bent: 3_000,
    bentOfTill: 500,
    stride: 1,
    powerCuts: 20,
  },
  small: { sample: 2, restarts: 3, bent: 80, bentOfTill: 20, stride: 150, powerCuts: 2 },
} as const

/** What one part found. */
type Found = {
  readonly points?: number
  readonly restarts?: number
  readonly cutRequests?: number
  readonly powerCuts?: number
  readonly skipped?: string | undefined
  readonly violations: readonly string[]
  /** For the table. */
  readonly told: string
}

type Part = (options: RunLab, base: BaseChain) => Promise<Found>

const parts: Readonly<Record<PartName, Part>> = {
  sweep: async ({ seed, lanes, point, small, teeth, say }, base) => {
    // Teeth are looked for everywhere, and found soon.
    const { sample } = sizes[small && !teeth ? 'small' : 'whole']
    const spoilt = teeth ? await spoilSource(saleWithoutTransaction) : undefined
    try {
      const results = await sweepPoints({
        ...{ base, seed, lanes, sample, say },
        only: point ?? (teeth ? 'sale' : undefined),
        sourceDir: spoilt?.sourceDir,
      })
      return {
        points: results.reduce((sum, { points }) => sum + points, 0),
        violations: results.flatMap(({ violations }) => violations),
        told: results
          .map(({ flow, messages, points: of }) => `${flow} ${of} (to message ${messages})`)
          .join(', '),
      }
    } finally {
      await spoilt?.remove()
    }
  },
  restarts: async ({ seed, small, say }, base) => {
    const { restarts } = sizes[small ? 'small' : 'whole']
    const found = await restartDatabase({ base, seed, restarts, say })
    const told = `${found.restarts} restarts, ${found.acts} acts, ${found.repeated} asked again`
    return { restarts: found.restarts, violations: found.violations, told }
  },
  cuts: async ({ seed, small, say }, base) => {
    const { bent: faults, bentOfTill, stride } = sizes[small ? 'small' : 'whole']
    const day = await cutActs({ base, seed, stride, say })
    const sync = await cutSync({ base, seed, stride, say })
    const bent = await bendRequests({ base, seed, faults, say })
    const till = await bendTill({ base, seed, faults: bentOfTill, say })
    const everywhere = day.cuts + sync.cuts
    const { client, sync: ofLink } = bent.faults
    return {
      cutRequests: everywhere + client + ofLink + till.faults,
      violations: [day, sync, bent, till].flatMap(({ violations }) => violations),
      told:
        `${everywhere} cuts in ${day.messages + sync.messages} messages, ${client} bent of ` +
        `clients, ${till.faults} of a till, ${ofLink} of the link: ${JSON.stringify(bent.met)}`,
    }
  },
  power: async ({ seed, small, teeth, say }) => {
    ensureLabPackages('power', say)
    const { powerCuts: cuts } = sizes[small ? 'small' : 'whole']
    const { powerCuts, skipped, acts, violations } = await cutPower({
      seed,
      cuts,
      spoilt: teeth,
      say,
    })
    const told = skipped === undefined ? `${powerCuts} cuts, ${acts} acts` : `not done: ${skipped}`
    return { powerCuts, skipped, violations, told }
  },
  disk: async ({ seed, say }) => {
    const { fills, skipped, refusals, violations } = await fillDisk({ seed, say })
    const told =
      skipped === undefined
        ? `${fills} times full, refused ${JSON.stringify(refusals)}`
        : `not done: ${skipped}`
    return { skipped, violations, told }
  },
  clock: async ({ seed, say }, base) => {
    ensureLabPackages('clock', say)
    const { jumps, skipped, violations } = await jumpClock({ base, seed, say })
    const told = skipped === undefined ? `${jumps} jumps` : `not done: ${skipped}`
    return { skipped, violations, told }
  },
}

const listenersMax = 100

/** Those that can be spoilt on purpose. */
const withTeeth: ReadonlySet<PartName> = new Set(['sweep', 'power'])

/** Runs the parts that are asked for. It throws where the lab itself is broken. */
export async function runLab(options: RunLab): Promise<LabReport> {
  const { say, seed, teeth } = options
  const asked = options.parts.filter((name) => !teeth || withTeeth.has(name))
  const sums = { points: 0, restarts: 0, cutRequests: 0, powerCuts: 0 }
  const violations: string[] = []
  const seconds: Record<string, number> = {}
  const skipped: Record<string, string> = {}
  const table: string[] = []
  // Each server that runs hears of this process's end, and so does each lane of several.
  process.setMaxListeners(listenersMax)
  const base = await makeBaseChain(say)
  try {
    for (const name of asked) {
      const startedAt = performance.now()
      say(`${name}: begins, seed ${seed}`)
      const found = await parts[name](options, base)
      for (const key of ['points', 'restarts', 'cutRequests', 'powerCuts'] as const) {
        sums[key] += found[key] ?? 0
      }
      violations.push(...found.violations.map((each) => `${name}: ${each}`))
      if (found.skipped !== undefined) skipped[name] = found.skipped
      const took = Math.round((performance.now() - startedAt) / 1_000)
      seconds[name] = took
      table.push(
        `${name.padEnd(9)} ${`${took} s`.padStart(6)}  ` +
          `${`${found.violations.length} violations`.padEnd(14)}  ${found.told}`,
      )
      // With teeth each part has to bite; a part that does not is the failure.
      if (teeth && found.violations.length === 0) throw new Error(`${name} found nothing: no teeth`)
    }
  } finally {
    await base.remove()
  }
  for (const each of violations) say(`VIOLATION ${each}`)
  for (const line of table) say(line)
  return { ...sums, violations, seed, seconds, skipped }
}
