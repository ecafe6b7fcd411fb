import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'

/** What a person can do with a machine from the office of its shop. */
export type MachineAct =
  | 'replenish'
  | 'collect'
  | 'exchange'
  | 'empty'
  | 'count'
  | 'reset'
  | 'verify'
  | 'lock'
  | 'unlock'
  | 'resolve'
  | 'settings'
  | 'secret'
  | 'forget'

/** Whether a machine can do an act now; a settled question for what is only written into the books. */
export function canDo(
  act: MachineAct,
  {
    machine,
    live,
  }: {
    readonly machine: Pick<RecyclerView, 'unresolved'>
    readonly live: Pick<LiveRecycler, 'at' | 'capabilities' | 'stock'> | undefined
  },
): boolean {
  const can = live?.at === 'offline' ? null : (live?.capabilities ?? null)
  switch (act) {
    case 'settings':
    case 'secret':
    case 'forget':
    case 'empty':
      return true
    case 'resolve':
      return machine.unresolved > 0
    case 'count':
      // First somebody says how work ended: a count before that would book the same money as the word on it.
      return (
        machine.unresolved === 0 &&
        live !== undefined &&
        live.at !== 'offline' &&
        live.stock !== null
      )
    case 'replenish':
      return can !== null && can.replenish.length > 0
    case 'collect':
      return can !== null && can.collect.length > 0 && live?.stock !== null
    case 'exchange':
      return can?.deposit === true
    case 'reset':
      return can?.reset === true
    case 'verify':
      return can?.verify === true
    case 'lock':
    case 'unlock':
      return can?.lock === true
  }
}

/** Whether an act has to wait until the machine is at rest: its work is ended first. */
export function needsRest(act: MachineAct): boolean {
  return !(['settings', 'secret', 'forget', 'empty', 'resolve'] as readonly MachineAct[]).includes(
    act,
  )
}
