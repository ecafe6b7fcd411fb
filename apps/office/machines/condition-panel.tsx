import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { useIsShop } from '../shell/use-is-shop.ts'
import { describeAlert, findHelp, isOtherCertificate, stepsOf } from './describe-machine.ts'
import type { Fault, MachineAlert, MachineState } from './machine-alerts.ts'
import { type MachineAct, needsRest } from './machine-can.ts'
import { FaceChips } from './stock-slots.tsx'

/** What mends an alert from here; what only hands mend has none. */
const cures: Readonly<Partial<Record<MachineAlert['kind'], MachineAct>>> = {
  jam: 'reset',
  door: 'reset',
  cassette: 'reset',
  power: 'reset',
  device: 'reset',
  verify: 'verify',
  unresolved: 'resolve',
  differs: 'count',
  empty: 'replenish',
  near_empty: 'replenish',
  full: 'collect',
  near_full: 'collect',
}

/** All that a machine asks a person for: what it is, what its maker says, what to do, and the button that does it. */
export function ConditionPanel({
  machine,
  state,
  alerts,
  offered,
  onAct,
}: {
  readonly machine: RecyclerView
  readonly state: MachineState
  readonly alerts: readonly MachineAlert[]
  readonly offered: (act: MachineAct) => boolean
  readonly onAct: (act: MachineAct) => void
}) {
  const t = useText()
  if (alerts.length === 0) return null
  return (
    <ul
      aria-label={t('machine.alerts')}
      className="m-0 list-none border-t border-line bg-surface p-0"
    >
      {alerts.map((alert, index) => (
        <AlertRow
          key={alert.kind}
          isAtWork={state.is === 'working'}
          isFirst={index === 0 && alert.tone === 'danger'}
          {...{ machine, alert, offered, onAct }}
          fault={isOfState(alert) ? state.fault : undefined}
        />
      ))}
    </ul>
  )
}

// Those that the machine's own fault is told under; the others come from its levels and attempts.
function isOfState({ kind, faces }: MachineAlert): boolean {
  return faces.length === 0 && kind !== 'unresolved'
}

function AlertRow({
  isAtWork,
  isFirst,
  machine,
  alert,
  fault,
  offered,
  onAct,
}: {
  /** What stops the machine: its cure is the one next thing to do. */
  readonly isFirst: boolean
  readonly isAtWork: boolean
  readonly machine: RecyclerView
  readonly alert: MachineAlert
  readonly fault: Fault | undefined
  readonly offered: (act: MachineAct) => boolean
  readonly onAct: (act: MachineAct) => void
}) {
  const t = useText()
  const isDanger = alert.tone === 'danger'
  const act = isOtherCertificate(fault) ? 'forget' : cures[alert.kind]
  const Icon = isDanger ? CircleAlert : TriangleAlert
  return (
    <li
      data-alert={alert.kind}
      className={joinClasses(
        'flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-l-4 px-4 py-2.5 not-first:border-t not-first:border-t-line',
        isDanger ? 'border-l-danger' : 'border-l-warn',
      )}
    >
      <div className="flex min-w-0 flex-1 basis-80 gap-3">
        <Icon
          aria-hidden="true"
          size={18}
          className={joinClasses('mt-0.5 shrink-0', isDanger ? 'text-danger' : 'text-warn')}
        />
        <div className="min-w-0">
          <p className="m-0 flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
            <span className="inline-block first-letter:uppercase">{t(describeAlert(alert))}</span>
            <FaceChips faces={alert.faces} />
          </p>
          {fault !== undefined && <MakersWord machine={machine} fault={fault} />}
          <p className="m-0 max-w-[65ch] pt-0.5 text-small">
            {t(isOtherCertificate(fault) ? 'machine.certificate.do' : stepsOf(alert))}
          </p>
        </div>
      </div>
      {act !== undefined && offered(act) && (
        <Button
          look={isFirst ? 'primary' : 'plain'}
          disabled={isAtWork && needsRest(act)}
          onClick={() => onAct(act)}
        >
          {t(actWords[act])}
        </Button>
      )}
    </li>
  )
}

/** What each act is called on its button. */
export const actWords: Readonly<Record<MachineAct, OfficeKey>> = {
  replenish: 'machine.replenish',
  collect: 'machine.collect',
  exchange: 'machine.exchange',
  empty: 'machine.empty',
  count: 'machine.count',
  reset: 'machine.reset',
  verify: 'machine.verify',
  lock: 'machine.lock',
  unlock: 'machine.unlock',
  resolve: 'machine.resolve',
  settings: 'machine.settings',
  secret: 'machine.secret',
  forget: 'machine.forget',
}

/** The maker's text and code, and its own picture of the cure. */
function MakersWord({ machine, fault }: { readonly machine: RecyclerView; readonly fault: Fault }) {
  const t = useText()
  // The machine is on the shop's own network: from elsewhere its address leads nowhere, or to another one.
  const isShop = useIsShop()
  const help = isShop && fault.help !== undefined ? findHelp(machine, fault.help) : undefined
  return (
    <p className="m-0 text-small text-ink-soft">
      {fault.text}
      {fault.code !== '' && (
        <>
          {' · '}
          <code data-fault={fault.code} className="font-mono text-[0.9em]">
            {fault.code}
          </code>
        </>
      )}
      {help !== undefined && (
        <>
          {' · '}
          <a
            href={help}
            target="_blank"
            rel="noreferrer"
            className="text-ink underline decoration-line-strong/50 underline-offset-3"
          >
            {t('machine.help')}
          </a>
        </>
      )}
    </p>
  )
}
