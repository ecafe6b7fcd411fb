import type {
  AttemptView,
  LiveRecycler,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'

// The cash machines of this till's shop, as far as its store server tells. Each news is a machine whole, so that the
// last one counts and none is missed for good.

/** A machine of the register, as far as a till needs it. */
export type MachineEntry = Pick<
  RecyclerView,
  'id' | 'name' | 'currencies' | 'tills' | 'active' | 'unresolved'
>

export type Machines = {
  /** The line to the news. `off`: nobody works here, or who does has no login with the store server. */
  readonly line: 'off' | 'connecting' | 'up' | 'down'
  /** Kept over a restart, so that a till without a line still knows that it has a machine. */
  readonly register: readonly MachineEntry[]
  /** What each one said last on the line that is up. */
  readonly live: ReadonlyMap<string, LiveRecycler>
}

export const noMachines: Machines = { line: 'off', register: [], live: new Map() }

export type MachinesEvent =
  | { readonly type: 'connecting' | 'up' | 'down' | 'off' }
  | { readonly type: 'news'; readonly live: LiveRecycler }
  | { readonly type: 'register'; readonly entries: readonly MachineEntry[] }

/** What an event makes of what is known. On a new line all machines are told anew: what an old one said is gone. */
export function hearMachines(machines: Machines, event: MachinesEvent): Machines {
  switch (event.type) {
    case 'connecting':
    case 'up':
      return { ...machines, line: event.type }
    case 'down':
    case 'off':
      return { ...machines, line: event.type, live: new Map() }
    case 'news': {
      const live = new Map(machines.live).set(event.live.recyclerId, event.live)
      return { ...machines, live }
    }
    case 'register':
      return { ...machines, register: event.entries }
  }
}

/** Whether news are of a machine that the register does not have yet: then it is to be read again. */
export function isUnknown({ register }: Machines, recyclerId: string): boolean {
  return register.every(({ id }) => id !== recyclerId)
}

/** What this till can have of a machine now. */
export type MachineHere = MachineEntry & {
  readonly live?: LiveRecycler | undefined
  /** Undefined: it can be asked. */
  readonly away?: MachineAway | undefined
}

/** Why it cannot be asked. */
export type MachineAway =
  | { readonly why: 'no_line' | 'no_login' | 'offline' | 'checking' | 'busy' }
  | { readonly why: 'stopped'; readonly fault?: Fault | undefined }

type Condition = NonNullable<LiveRecycler['condition']>
export type Fault = NonNullable<Condition['fault']>

/**
 * The machine that this till asks, of those on its counter that take a currency: one that is ready, else the first
 * by name with the reason why it is not. Undefined where it has none.
 */
export function findMachine(
  machines: Machines,
  { tillId, currency }: { readonly tillId: string; readonly currency: Currency },
): MachineHere | undefined {
  const here = machines.register
    .filter(
      ({ active, tills, currencies }) =>
        active && serves(tills, tillId) && currencies.includes(currency),
    )
    .map((entry): MachineHere => {
      const live = machines.live.get(entry.id)
      return { ...entry, live, away: awayOf(machines.line, live) }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return here.find(({ away }) => away === undefined) ?? here[0]
}

/** A machine that names no till is every till's. */
function serves(tills: readonly string[], tillId: string): boolean {
  return tills.length === 0 || tills.includes(tillId)
}

function awayOf(line: Machines['line'], live: LiveRecycler | undefined): MachineAway | undefined {
  if (line === 'off') return { why: 'no_login' }
  if (line !== 'up' || live === undefined) return { why: 'no_line' }
  const { condition } = live
  switch (live.at) {
    case 'offline':
    case 'checking':
      return { why: live.at }
    case 'stopped':
      return { why: 'stopped', ...(condition?.fault !== undefined && { fault: condition.fault }) }
    case 'idle':
      if (condition?.is === 'fault') return { why: 'stopped', fault: condition.fault }
      return condition?.is === 'busy' ? { why: 'busy' } : undefined
    default:
      return { why: 'busy' }
  }
}

/** What a machine says of one attempt, if it says anything of it; `other` where it tells of another one. */
export function newsOf(
  { attempt }: LiveRecycler,
  attemptId: string,
): AttemptView | 'other' | undefined {
  if (attempt === null) return undefined
  return attempt.attemptId === attemptId ? attempt : 'other'
}
