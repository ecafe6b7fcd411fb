import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@tillkeeper/client/client.ts'
import {
  type Acknowledged,
  type Act,
  acknowledgedBy,
  ask,
  impatientClient,
  moveCashAct,
  openTillAct,
  refundAct,
  saleAct,
} from './acts.ts'
import type { BaseChain } from './base-chain.ts'
import type { Random } from './random.ts'

// Sellers at several tills who go on whatever happens: an act that is not acknowledged is asked again,
// with its id, until it is. What was acknowledged is written down here, where no fault reaches.

export type Load = {
  readonly acknowledged: readonly Acknowledged[]
  readonly asked: ReadonlySet<string>
  /** Acts that nobody acknowledged, when the load was stopped: they may be there or not. */
  readonly open: ReadonlySet<string>
  /** Requests that were sent again. */
  readonly repeated: () => number
  /** How often each refusal was heard. */
  readonly refusals: ReadonlyMap<string, number>
  /** What no fault excuses, as sentences. */
  readonly violations: readonly string[]
  /** Resolves when nothing is asked any more; until `resume` nothing is. */
  readonly pause: () => Promise<void>
  readonly resume: () => void
  /** Finishes what is asked for now, and begins nothing; with `atOnce` what is open stays open. */
  readonly stop: (how?: { readonly atOnce: boolean }) => Promise<void>
}

export type StartLoad = {
  readonly base: BaseChain
  readonly url: string
  /** So many tills, from the first. */
  readonly tills: number
  readonly random: Random
  /** Rests between two acts of a till, at most. */
  readonly restMaxMs?: number
  /** How long a client waits for an answer. */
  readonly answerMs?: number
}

/** How long a till asks for one act before that is a fault of its own. */
const patienceMs = 90_000
const pauseMs = 60
/** What a server may say while its database is away: nothing was done, or nobody knows. */
const passing: ReadonlySet<string> = new Set([
  'database_unavailable',
  'disk_full',
  'overloaded',
  'not_ready',
  'too_many_requests',
])

/** Opens the tills and begins to sell. Resolves when every till is open. */
export async function startLoad(options: StartLoad): Promise<Load> {
  const { base, url, tills, random, restMaxMs = 30, answerMs = 5_000 } = options
  const client = impatientClient(url, base, answerMs)
  const acknowledged: Acknowledged[] = []
  const asked = new Set<string>()
  const open = new Set<string>()
  const violations: string[] = []
  const refusals = new Map<string, number>()
  let repeated = 0
  let stopping = false
  let stopped = false
  let asking = 0
  let paused: Promise<void> | undefined
  let resume = () => {}

  const insist = async (act: Act): Promise<boolean> => {
    asked.add(act.id)
    open.add(act.id)
    const until = performance.now() + patienceMs
    for (let tried = 0; !stopped; tried += 1) {
      await paused
      if (stopped) return false
      if (tried > 0) repeated += 1
      asking += 1
      const answer = await ask(client, act)
      asking -= 1
      const found = acknowledgedBy(act, answer)
      if (found !== undefined) {
        acknowledged.push(found)
        open.delete(act.id)
        return true
      }
      const code = codeOf(answer)
      refusals.set(code, (refusals.get(code) ?? 0) + 1)
      if (!isPassing(answer)) {
        violations.push(`${act.kind} ${act.id} was answered ${code}`)
        return false
      }
      if (performance.now() > until) {
        violations.push(`${act.kind} ${act.id} is still ${code} after ${patienceMs / 1000} s`)
        return false
      }
      await wait(pauseMs)
    }
    return false
  }
  const sell = async (sessionId: string): Promise<void> => {
    let sold: string | undefined
    while (!stopping) {
      const act = drawAct(options, sessionId, sold)
      if ((await insist(act)) && act.kind === 'sale') sold = act.id
      else if (act.kind === 'refund') sold = undefined
      if (restMaxMs > 0) await wait(random.whole(0, restMaxMs))
    }
  }
  const sessions = base.tillIds.slice(0, tills).map((tillId) => openTillAct(base, tillId))
  for (const session of sessions) await insist(session)
  const sellers = sessions.map(({ id }) => sell(id))
  return {
    ...{ acknowledged, asked, open, refusals, violations },
    repeated: () => repeated,
    pause: async () => {
      const over = Promise.withResolvers<void>()
      paused = over.promise
      resume = over.resolve
      while (asking > 0) await wait(1)
    },
    resume: () => {
      paused = undefined
      resume()
    },
    stop: async ({ atOnce } = { atOnce: false }) => {
      stopping = true
      stopped = atOnce
      if (atOnce) resume()
      await Promise.all(sellers)
    },
  }
}

function drawAct({ base, random }: StartLoad, sessionId: string, sold: string | undefined): Act {
  const roll = random.next()
  if (sold !== undefined && roll < 0.1) return refundAct(sold, sessionId)
  return roll < 0.2 ? moveCashAct(sessionId, random) : saleAct(base, sessionId, random)
}

/** What an answer that is none says, in one word. */
export function codeOf(answer: Answer<unknown>): string {
  if (answer.ok) return 'ok'
  const { failure } = answer
  if (failure.kind === 'refused') return failure.problem.code
  return failure.kind === 'unreachable' ? failure.reason : `${failure.kind}_${failure.status}`
}

function isPassing(answer: Answer<unknown>): boolean {
  if (answer.ok) return false
  const { failure } = answer
  return failure.kind !== 'refused' || passing.has(failure.problem.code)
}
