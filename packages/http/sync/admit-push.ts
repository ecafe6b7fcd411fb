import {
  type Admission,
  type Admitted,
  enter,
  leave,
  limitBatches,
  liveBytesMax,
  noAdmission,
  retryMs,
  type Ticket,
} from '@tillkeeper/sync/parent/admission.ts'

// The queue of pushes before they are unpacked: who may go on is decided in packages/sync, here requests
// wait for it.

export type Pass = { readonly done: () => void }
export type Turn = { readonly pass: Pass } | { readonly retryAfterSeconds: number }

export type Gate = {
  /** Resolves when a batch of so many bytes, packed, may be worked on, or with when to come again. */
  readonly enter: (child: string, bytes: number) => Promise<Turn>
  readonly limits: (most: {
    readonly factsMax: number
    readonly bytesMax: number
  }) => ReturnType<typeof limitBatches>
}

export function createGate(random: () => number = Math.random): Gate {
  let state: Admission = noAdmission
  let ids = 0
  const waiting = new Map<number, (turn: Turn) => void>()

  const take = ({ state: next, go, away }: Admitted): void => {
    state = next
    for (const ticket of go) answer(ticket, { pass: passOf(ticket) })
    for (const ticket of away) {
      answer(ticket, { retryAfterSeconds: Math.ceil(retryMs(state, random()) / 1_000) })
    }
  }
  const answer = ({ id }: Ticket, turn: Turn): void => {
    waiting.get(id)?.(turn)
    waiting.delete(id)
  }
  const passOf = (ticket: Ticket): Pass => {
    const startMs = performance.now()
    return { done: () => take(leave(state, ticket, performance.now() - startMs)) }
  }
  return {
    enter: (child, bytes) =>
      new Promise((resolve) => {
        ids += 1
        waiting.set(ids, resolve)
        take(enter(state, { id: ids, child, kind: bytes <= liveBytesMax ? 'live' : 'bulk' }))
      }),
    limits: (most) => limitBatches(state, most),
  }
}
