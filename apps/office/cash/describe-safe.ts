import type { BagView, ChangeOrderView } from '@tillkeeper/client/api/safe-shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'

/** A bag's state, and whether it waits for a person. */
export function describeBag(state: BagView['state']): {
  readonly tone: Tone
  readonly text: OfficeKey
} {
  const tones = {
    sealed: 'warn',
    verified: 'warn',
    collected: 'warn',
    opened: 'idle',
    deposited: 'good',
  } as const
  return { tone: tones[state], text: `bag.${state}` }
}

export function describeOrder(state: ChangeOrderView['state']): {
  readonly tone: Tone
  readonly text: OfficeKey
} {
  const tones = { ordered: 'warn', received: 'good', cancelled: 'idle' } as const
  return { tone: tones[state], text: `order.${state}` }
}

const refused: Readonly<Record<string, OfficeKey>> = {
  safe_holds_less: 'safe.refused.less',
  safe_lacks_pieces: 'safe.refused.pieces',
  bag_number_taken: 'safe.refused.number',
  bag_sealed_by_self: 'safe.refused.self',
  fund_of_self: 'safe.refused.self',
  bag_not_in_state: 'safe.refused.state',
  bag_matched: 'safe.refused.state',
  change_order_not_open: 'safe.refused.state',
  change_order_matched: 'safe.refused.state',
  statement_line_matched: 'safe.refused.state',
  statement_line_set_aside: 'safe.refused.state',
  statement_line_waits: 'safe.refused.state',
  no_cash: 'safe.refused.nothing',
  nothing_counted: 'safe.refused.nothing',
  pieces_needed: 'safe.refused.nothing',
  fund_holds_less: 'safe.refused.fund',
  not_in_drawer: 'safe.refused.drawer',
  session_not_open: 'safe.refused.state',
  session_suspended: 'safe.refused.state',
  staff_not_found: 'safe.refused.staff',
  staff_not_active: 'safe.refused.staff',
  person_required: 'safe.refused.person',
  forbidden: 'fault.forbidden',
}

/** Why nothing was done at the safe, in one line that says what to do. */
export function describeSafeRefusal(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'safe.refused.unreachable'
  if (!(error instanceof ApiProblem)) return 'safe.refused.other'
  return refused[error.code] ?? 'safe.refused.other'
}
