import type { LinkState } from '@tillkeeper/sync/link/link-state.ts'
import type { Receipt } from '@tillkeeper/sync/message/messages.ts'
import type { Directory, Person } from '../catalogue/directory.ts'
import type { Book, LostFacts } from '../journal/kept.ts'
import type { Sent } from '../journal/outbox.ts'
import type { Finished } from '../machine/finish-task.ts'
import type { Machines } from '../machine/live-machines.ts'
import type { MachineAttempt } from '../machine/machine-state.ts'
import type { Cart, HeldCart } from '../sale/cart.ts'
import type { StoreLogin } from '../staff/sign-in.ts'
import type { ClockState } from './till-clock.ts'

/** The line to the store server, as the till sees it. */
export type Line = {
  readonly is: 'up' | 'connecting' | 'down'
  /** Why it is down, by a stable code. */
  readonly why?: string | undefined
  /** When the store server last answered, in milliseconds. */
  readonly heardMs?: number | undefined
}

/** Something that a person should know of, and that no waiting mends. */
export type Problem = {
  readonly code:
    | 'stream_stopped'
    | 'feed_stopped'
    | 'not_accepted'
    | 'fault'
    /** This is another browser than the till was set up in, or its data was put back. */
    | 'copied'
    /** The store server heard of somebody else who says that they are this till. */
    | 'cloned'
  /** What it concerns: a stream, or an error's own words. */
  readonly about: string
  readonly sinceMs: number
}

/** Problems kept in the list; the oldest falls out. */
export const problemsMax = 20

/** What the whole till stands on. Screens keep what is theirs alone to themselves. */
export type TillState = {
  readonly directory: Directory
  /** Whether the feed has been read to where the store server said it ends, at least once. */
  readonly ready: boolean
  readonly feedHeld: number
  readonly feedHead: number
  readonly person?: Person | undefined
  readonly login?: StoreLogin | undefined
  readonly book: Book
  readonly cart: Cart
  readonly held: readonly HeldCart[]
  /** The shop's cash machines, and what each does now. */
  readonly machines: Machines
  /** What this till asked of them and is not over. */
  readonly attempts: readonly MachineAttempt[]
  /** What came of the attempt that was written last, until somebody has seen it. */
  readonly finished?: Finished | undefined
  readonly line: Line
  readonly sent: Sent
  readonly problems: readonly Problem[]
  /** Facts that were recorded here and that nobody has any more. */
  readonly lost: readonly LostFacts[]
  /** The cloud's word for what it holds, by stream. */
  readonly receipts: ReadonlyMap<string, Receipt>
  /** What is known of this device's own clock. */
  readonly clock: ClockState
  /** Whether the browser promised not to throw the till's data away. */
  readonly storage: 'kept' | 'not_promised' | 'unknown'
  /** Whether a newer version of this app waits for a quiet moment. */
  readonly update: 'none' | 'waiting'
}

/** Reads the line off the link. While only the poke line is down the store server still answers. */
export function readLine(state: LinkState, before: Line, nowMs: number): Line {
  switch (state.at) {
    case 'idle':
    case 'streaming':
      return { is: 'up', heardMs: nowMs }
    case 'backoff':
      return { is: 'down', why: state.reason, heardMs: before.heardMs }
    case 'greeting':
      // Asking again after a failure is still being down, until there is an answer.
      return before.is === 'down' ? before : { is: before.is, heardMs: before.heardMs }
    case 'offline':
      return { is: 'connecting', heardMs: before.heardMs }
  }
}

/** The list with one problem more; the same again only keeps its first moment. */
export function addProblem(problems: readonly Problem[], problem: Problem): readonly Problem[] {
  const known = problems.some(({ code, about }) => code === problem.code && about === problem.about)
  return known ? problems : [...problems, problem].slice(-problemsMax)
}
