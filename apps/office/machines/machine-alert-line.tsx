import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { ChevronRight } from 'lucide-react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { useScope } from '../shell/use-scope.ts'
import { AlertBadges } from './alert-badges.tsx'
import { alertsOf, byNeed, type MachineAlert } from './machine-alerts.ts'

type Needing = {
  readonly machine: RecyclerView
  readonly name: string
  readonly alerts: readonly MachineAlert[]
}

/** The machines that ask for a person, the worst first. */
function needing(machines: readonly RecyclerView[]): readonly Needing[] {
  const rows = machines.map((machine) => ({
    ...{ machine, name: machine.name, alerts: alertsOf(machine) },
  }))
  return byNeed(rows.filter(({ alerts }) => alerts.length > 0))
}

/** On today's screen: one quiet line, if a machine asks for a person. */
export function MachineAlertLine() {
  const may = useMay()
  return may('till.read') ? <AlertLine /> : null
}

function AlertLine() {
  const t = useText()
  const { api } = useClients()
  const { shop } = useScope()
  const rows = needing(useQuery(queries(api).machines(shop)).data?.items ?? [])
  const [first] = rows
  if (first === undefined) return null
  return (
    <Link
      // Of one machine its page, of several their list.
      {...(rows.length === 1
        ? { to: '/machines/$machineId', params: { machineId: first.machine.id } }
        : { to: '/machines' })}
      data-machines-need={rows.length}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line bg-surface px-5 py-2 text-small text-ink no-underline hover:bg-hover"
    >
      <span className="font-medium">{t('machines.need', { count: rows.length })}</span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        {rows.map(({ machine, alerts }) => (
          <span key={machine.id} className="inline-flex flex-wrap items-center gap-1.5">
            <span className="text-ink-soft">{machine.name}</span>
            <AlertBadges alerts={alerts} />
          </span>
        ))}
      </span>
      <ChevronRight aria-hidden="true" size={16} className="text-ink-faint" />
    </Link>
  )
}
