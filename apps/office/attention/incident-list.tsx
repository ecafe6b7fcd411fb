import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SyncIncident } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { ShieldCheck } from 'lucide-react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { useShops, useTills, useTimeZone } from '../shell/use-scope.ts'
import { nameStream } from '../sync/stream-name.ts'
import { describeIncident, describeRefusal } from './describe.ts'

/** What was noticed and stands open, with what to do about it. */
export function IncidentList() {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).incidents())
  return (
    <Section title={t('sync.incidents')}>
      <Answer asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={<ShieldCheck aria-hidden="true" size={32} />}
              title={t('incident.none')}
            >
              {t('incident.none.next')}
            </EmptyState>
          ) : (
            <ul className="m-0 list-none p-0">
              {items.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

function IncidentRow({ incident }: { readonly incident: SyncIncident }) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const shops = useShops()
  const tills = useTills()
  const zone = useTimeZone()(incident.shopId)
  const close = useMutation({
    mutationFn: () => api.closeIncident(incident.id),
    onSuccess: () => cache.invalidateQueries(),
    onError: (error) => toast(t(describeRefusal(error)), 'danger'),
  })
  const { text, next } = describeIncident(incident)
  const name = nameStream(`${incident.node}:`, { shops, tills })
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 border-t border-line px-5 py-3">
      <div className="min-w-0 flex-1 basis-80">
        <p className="m-0 font-semibold">{t(text, { kind: incident.kind })}</p>
        <p className="m-0 text-small text-ink-soft">
          {name === undefined ? incident.node : t(name.text, name)} ·{' '}
          <DateText instant={incident.at} timeZone={zone} />
        </p>
        <p className="m-0 mt-2 max-w-prose text-small">{t(next)}</p>
      </div>
      <Button disabled={close.isPending} onClick={() => close.mutate()}>
        {t('incident.close')}
      </Button>
    </li>
  )
}
