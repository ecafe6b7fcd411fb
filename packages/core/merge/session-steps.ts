// The states of a till session as a lattice: it only moves up. Two nodes that did not hear of each other may
// each take it out of one state; both acts stand, the session is as far as any of them took it, and a manager
// looks at it.

export const sessionStates = ['unknown', 'open', 'reconciling', 'closed', 'verified'] as const
export type SessionStep = {
  readonly factId: string
  readonly from: (typeof sessionStates)[number]
  readonly to: (typeof sessionStates)[number]
}

/** The steps of one session, by the fact that took each. */
export type SessionSteps = ReadonlyMap<string, SessionStep>

/** Takes a step. Order and repetition do not matter. */
export function takeSessionStep(held: SessionSteps, step: SessionStep): SessionSteps {
  return held.has(step.factId) ? held : new Map(held).set(step.factId, step)
}

export type SessionReading = {
  /** The highest state that a step led to. */
  readonly state: (typeof sessionStates)[number]
  /** States that more than one step led out of, with the facts, sorted: an exception each. */
  readonly exceptions: readonly {
    readonly from: SessionStep['from']
    readonly factIds: readonly string[]
  }[]
}

export function readSessionSteps(steps: SessionSteps): SessionReading {
  const all = [...steps.values()]
  const ranks = all.map(({ to }) => sessionStates.indexOf(to))
  const state = sessionStates[Math.max(0, ...ranks)] ?? 'unknown'
  const exceptions = sessionStates.flatMap((from) => {
    const factIds = all.filter((step) => step.from === from).map(({ factId }) => factId)
    return factIds.length > 1 ? [{ from, factIds: factIds.sort() }] : []
  })
  return { state, exceptions }
}
