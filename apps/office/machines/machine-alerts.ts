import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import {
  differencesOf,
  isLow,
  isMissed,
  type Level,
  type Stock,
  type Unit,
} from './stock-picture.ts'

export type Fault = NonNullable<NonNullable<RecyclerView['condition']>['fault']>

/** How a machine stands, from what it does this moment where that is known, else from what it last told. */
export type MachineState = {
  readonly is:
    | 'inactive'
    | 'untold'
    | 'offline'
    | 'checking'
    | 'fault'
    | 'working'
    | 'busy'
    | 'ready'
  readonly fault: Fault | undefined
}

const faultKinds = [
  ...(['jam', 'door', 'cassette', 'verify', 'full', 'empty', 'power', 'device'] as const),
]
export type FaultKind = (typeof faultKinds)[number]

/** A fault of this version's kinds; what another version calls otherwise is the device's. */
export function faultKindOf(fault: { readonly kind: string } | undefined): FaultKind {
  return faultKinds.find((known) => known === fault?.kind) ?? 'device'
}

type Machine = Pick<
  RecyclerView,
  'active' | 'condition' | 'stock' | 'held' | 'known' | 'currencies' | 'unresolved'
>
type Moment = Pick<LiveRecycler, 'at' | 'condition' | 'stock'>

/** How a machine stands. */
export function stateOf(
  machine: Pick<Machine, 'active' | 'condition'>,
  live?: Moment,
): MachineState {
  if (!machine.active) return { is: 'inactive', fault: undefined }
  const told = live === undefined ? machine.condition : live.condition
  const fault = told?.fault
  if (live === undefined) {
    return { is: told?.is ?? 'untold', fault }
  }
  if (live.at === 'offline') return { is: 'offline', fault }
  if (live.at === 'stopped' || told?.is === 'fault') return { is: 'fault', fault }
  if (live.at === 'checking') return { is: 'checking', fault: undefined }
  if (live.at === 'idle') return { is: told?.is === 'busy' ? 'busy' : 'ready', fault: undefined }
  return { is: 'working', fault: undefined }
}

/** What a machine holds: of this moment, else as it last told. */
export function stockOf(
  machine: Pick<Machine, 'stock'>,
  live?: Pick<Moment, 'stock'>,
): Stock | null {
  return live?.stock ?? machine.stock
}

/**
 * The machine with its books, as far as they are of the same moment as what it holds now: it says what moved before the
 * books have it, and until both were read together nothing differs.
 */
export function atOneMoment<View extends Pick<Machine, 'stock' | 'known'>>(
  machine: View,
  live?: Pick<Moment, 'stock'>,
): View {
  const now = live?.stock ?? machine.stock
  return isSameStock(now, machine.stock) ? machine : { ...machine, known: false }
}

function isSameStock(a: Stock | null, b: Stock | null): boolean {
  const listed = (stock: Stock | null) =>
    stock
      ?.filter(({ pieces }) => pieces > 0)
      .map(({ unit, currency, faceMinor, pieces }) => `${unit} ${currency} ${faceMinor} ${pieces}`)
      .sort()
      .join()
  return listed(a) === listed(b)
}

/** A machine asks for a person. */
export type MachineAlert = {
  readonly kind:
    | FaultKind
    | 'offline'
    | 'unresolved'
    | 'differs'
    | 'near_empty'
    | 'near_full'
    | 'absent'
  readonly tone: Extract<Tone, 'danger' | 'warn'>
  /** The places that it is about; none where it is the whole machine. */
  readonly faces: readonly {
    readonly unit: Unit
    readonly currency: Currency
    readonly faceMinor: Minor
  }[]
  /** How many there are of what it is about. */
  readonly count: number
}

const alertOf = (
  kind: MachineAlert['kind'],
  tone: MachineAlert['tone'],
  faces: MachineAlert['faces'] = [],
  count: number = Math.max(1, faces.length),
): MachineAlert => ({ kind, tone, faces, count })

/** All that a machine asks a person for, what stops it first. A machine that is switched off in the books asks nothing. */
export function alertsOf(machine: Machine, live?: Moment): readonly MachineAlert[] {
  const { is, fault } = stateOf(machine, live)
  if (is === 'inactive') return []
  const alerts: MachineAlert[] = []
  if (is === 'offline') alerts.push(alertOf('offline', 'danger'))
  else if (is === 'fault' || fault !== undefined) {
    alerts.push(alertOf(faultKindOf(fault), 'danger'))
  }
  if (machine.unresolved > 0) {
    alerts.push(alertOf('unresolved', 'danger', [], machine.unresolved))
  }
  const stock = stockOf(machine, live)
  if (stock === null) return alerts
  const differ = differencesOf(atOneMoment(machine, live), stock)
  // While it works, what lies in it is not yet in the books; nor is work whose end nobody said. Counted before that is
  // said, the same money would be booked twice.
  if (differ.length > 0 && is !== 'working' && machine.unresolved === 0) {
    // Of a face that lies in the other part than booked, one word is enough.
    const faces = differ.filter(
      ({ currency, faceMinor }, index) =>
        index ===
        differ.findIndex((line) => line.currency === currency && line.faceMinor === faceMinor),
    )
    alerts.push(alertOf('differs', 'warn', faces))
  }
  return [...alerts, ...levelAlerts(machine, stock)]
}

function levelAlerts(machine: Pick<Machine, 'held'>, stock: Stock): readonly MachineAlert[] {
  const of = (unit: Unit | undefined, ...levels: Level[]) =>
    stock
      .filter((line) => (unit === undefined || line.unit === unit) && levels.includes(line.level))
      // A place that nothing fits into is not there.
      .filter(({ maxPieces }) => maxPieces !== 0)
      .filter((line) => !isLow(line) || isMissed(machine, line))
      .map(({ unit: where, currency, faceMinor }) => ({ unit: where, currency, faceMinor }))
  const groups: readonly (readonly [MachineAlert['kind'], MachineAlert['faces']])[] = [
    ['full', of(undefined, 'full')],
    ['empty', of('recycling', 'empty')],
    ['absent', of('recycling', 'absent')],
    ['near_full', of(undefined, 'near_full')],
    ['near_empty', of('recycling', 'near_empty')],
  ]
  return groups.flatMap(([kind, faces]) => (faces.length === 0 ? [] : alertOf(kind, 'warn', faces)))
}

/** What a list shows a machine's alerts by: who needs a person most comes first, then by name. */
export function byNeed<
  Row extends { readonly name: string; readonly alerts: readonly MachineAlert[] },
>(rows: readonly Row[]): readonly Row[] {
  const weigh = ({ alerts }: Row) =>
    alerts.some(({ tone }) => tone === 'danger') ? 0 : alerts.length > 0 ? 1 : 2
  return rows.toSorted((a, b) => weigh(a) - weigh(b) || a.name.localeCompare(b.name))
}
