import type { AttemptView, LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { cashOf } from '@tillkeeper/core/recycler/resolve-recycler.ts'
import type { Attempt, Stock } from '@tillkeeper/devices/cash-recycler/contract.ts'
import type { RecyclerState } from '@tillkeeper/devices/cash-recycler/recycler-state.ts'
import { attemptOf, type RecyclerNews } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import type { DeepReadonly } from '@tillkeeper/http/server/wire.ts'
import type { AttemptRow } from '@tillkeeper/projections/recycler/read-attempts-sql.ts'
import type { AskedBy, Ended } from './journal-recycler.ts'

// A machine as people watch it: its state, what it told of itself, and the attempt that it is at or was at last.
// Nothing here asks a database: a note that went in is on the screen when the machine has said so.

export type Live = DeepReadonly<LiveRecycler>
export type Attempted = DeepReadonly<AttemptView>

export type Watch = {
  readonly hear: (news: RecyclerNews) => void
  /** The line broke, or was not to be had: why, in the driver's words. */
  readonly lost: (why: string) => void
  /** The last attempt that ended; a person's word on it comes by the same way. */
  readonly ended: (view: Attempted) => void
  readonly live: (state: RecyclerState) => Live
}

type Progress = { readonly insertedMinor: Minor; readonly givingMinor: Minor }
const noProgress: Progress = { insertedMinor: minor(0), givingMinor: minor(0) }

/** Keeps what a machine tells, for `live`. `byOf` says who asked for an attempt that is open. */
export function watchMachine(recyclerId: string, byOf: (attempt: Attempt) => AskedBy): Watch {
  let capabilities: Live['capabilities'] = null
  let condition: Live['condition'] = null
  let stock: Stock | null = null
  let last: Attempted | null = null
  let lostBy: string | undefined
  let progress: Progress & { readonly of: string } = { ...noProgress, of: '' }
  return {
    hear: (news) => {
      if (news.type === 'capabilities') {
        capabilities = news.capabilities
        lostBy = undefined
      } else if (news.type === 'condition') condition = news.condition
      else if (news.type === 'seen') stock = news.stock
    },
    lost: (why) => {
      lostBy = why
    },
    ended: (view) => {
      last = view
    },
    live: (state) => {
      if (state.at === 'idle') stock = state.stock
      const attempt = attemptOf(state)
      if (state.at === 'working') {
        const { insertedMinor, givingMinor } = state
        progress = { insertedMinor, givingMinor, of: state.attempt.attemptId }
      }
      const known = attempt?.attemptId === progress.of ? progress : noProgress
      return {
        ...{ recyclerId, at: state.at, capabilities, stock },
        condition: state.at === 'offline' ? outOfReach(lostBy) : condition,
        attempt:
          attempt === undefined
            ? last
            : {
                ...openView(recyclerId, attempt, byOf(attempt)),
                ...{ insertedMinor: known.insertedMinor, givingMinor: known.givingMinor },
                ...stageOf(state),
              },
      }
    },
  }
}

/** No line: with the driver's word why, whose first word is a code where it is one of ours. */
function outOfReach(why: string | undefined): Live['condition'] {
  if (why === undefined) return { is: 'offline' }
  const code = /^(certificate_changed|insecure|login)\b/.exec(why)?.[0] ?? ''
  return { is: 'offline', fault: { kind: 'device', code, text: why } }
}

function stageOf(state: RecyclerState): Pick<Attempted, 'state' | 'short' | 'cancelling'> {
  switch (state.at) {
    case 'noting':
    case 'starting':
      return { state: 'starting', short: false, cancelling: state.cancelled }
    case 'working':
      return { state: 'working', short: state.short, cancelling: state.cancelling }
    case 'settling':
    case 'finding':
      return { state: state.at, short: false, cancelling: false }
    default:
      return { state: 'open', short: false, cancelling: false }
  }
}

function openView(
  recyclerId: string,
  { attemptId, seqNo, currency, work }: Omit<Attempt, 'before'>,
  { staffId, tillId, sessionId, links }: AskedBy,
): Attempted {
  return {
    ...{ attemptId, recyclerId, seqNo, currency, work, staffId },
    ...{ tillId: tillId ?? null, sessionId: sessionId ?? null, links: links ?? null },
    ...{ state: 'open', ...noProgress, short: false, cancelling: false },
    ...{ ending: null, in: null, out: null, certain: false, code: null },
  }
}

/** An attempt as its end says it. */
export function endedView(
  recyclerId: string,
  by: AskedBy,
  { attempt, settled }: Pick<Ended, 'attempt' | 'settled'>,
): Attempted {
  const { ending, certain, code = null } = settled
  const moved = {
    in: cashOf(attempt.currency, settled.in),
    out: cashOf(attempt.currency, settled.out),
  }
  return {
    ...openView(recyclerId, attempt, by),
    ...{ state: 'ended', ending, certain, code, ...moved },
    ...{ insertedMinor: moved.in.minor, givingMinor: moved.out.minor },
  }
}

/** An attempt as the journal has it: without an end it is open, and its machine is not at it now. */
export function journalledView(row: AttemptRow): Attempted {
  const { attemptId, recyclerId, seqNo, currency, work, staffId, tillId, sessionId, links } = row
  const { ending, certain, code } = row
  const by = {
    staffId,
    tillId: tillId ?? undefined,
    sessionId: sessionId ?? undefined,
    links: links ?? undefined,
  }
  const open = openView(recyclerId, { attemptId, seqNo: seqNo ?? '', currency, work }, by)
  if (ending === null) return open
  const inside = { in: row.in, out: row.out }
  return {
    ...open,
    ...{ state: 'ended', ending, certain: certain || row.resolved !== null, code, ...inside },
    ...{ insertedMinor: row.in?.minor ?? minor(0), givingMinor: row.out?.minor ?? minor(0) },
  }
}
