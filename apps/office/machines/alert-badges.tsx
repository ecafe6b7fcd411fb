import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { useText } from '../messages/use-text.ts'
import { describeAlert } from './describe-machine.ts'
import type { MachineAlert } from './machine-alerts.ts'

/** What a machine asks a person for, in a word each, with how many places or attempts it is about. */
export function AlertBadges({
  alerts,
  except,
}: {
  readonly alerts: readonly MachineAlert[]
  /** Left out, since it is said beside them. */
  readonly except?: string | undefined
}) {
  const t = useText()
  return alerts
    .filter(({ kind }) => kind !== except)
    .map((alert) => (
      <span key={alert.kind} data-alert={alert.kind} className="inline-flex">
        <Badge
          tone={alert.tone}
          text={
            alert.count > 1
              ? `${t(describeAlert(alert))} · ${alert.count}`
              : t(describeAlert(alert))
          }
        />
      </span>
    ))
}
