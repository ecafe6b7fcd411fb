import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Rewind } from '@tillkeeper/client/api/rewind-shapes.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { ChevronLeft, ChevronRight, History, Printer } from 'lucide-react'
import { useEffect } from 'react'
import { useClients } from '../api/clients.tsx'
import { faultOf } from '../api/problem.ts'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useScope, useShopName, useTills, useTimeZone } from '../shell/use-scope.ts'
import { RewindSheet } from './rewind-sheet.tsx'
import { instantOf, wallClockOf } from './wall-clock.ts'

const route = getRouteApi('/rewind')

/** A drawer at any second: choose a till and a time, and step from act to act. */
export function RewindScreen() {
  const t = useText()
  const { till, at, act } = route.useSearch()
  const { shop } = useScope()
  const tills = useTills().filter(({ shopId }) => shop === undefined || shopId === shop)
  const chosen = till ?? tills[0]?.id
  return (
    <>
      <PageHead back={{ to: '/tills', name: t('page.tills') }} title={t('rewind.title')} />
      {chosen === undefined ? (
        <EmptyState icon={<History aria-hidden="true" />} title={t('rewind.chooseTill')} />
      ) : (
        <RewindOf key={chosen} tillId={chosen} at={at} act={act} />
      )}
    </>
  )
}

function RewindOf({
  tillId,
  at,
  act,
}: {
  readonly tillId: string
  readonly at: Instant | undefined
  readonly act: string | undefined
}) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery({
    ...queries(api).rewind(tillId, at ?? endOfTime, act),
    placeholderData: (before) => before,
  })
  const rewind = asked.data
  useStepKeys(rewind)
  return (
    <>
      <Choice tillId={tillId} at={at ?? rewind?.act.at} rewind={rewind} />
      {faultOf(asked.error) === 'not_found' ? (
        <EmptyState icon={<History aria-hidden="true" />} title={t('rewind.nothing')}>
          {t('rewind.nothing.next')}
        </EmptyState>
      ) : (
        <Answer asked={asked}>{(found) => <RewindSheet rewind={found} />}</Answer>
      )}
    </>
  )
}

/** Later than anything: the drawer as it is now. */
const endOfTime = '9999-12-31T23:59:59.999Z'

function useGo() {
  const navigate = useNavigate()
  return (to: { till?: string; at?: Instant; act?: string | undefined }) =>
    navigate({
      to: '/rewind',
      search: (before) => ({ ...before, act: undefined, ...to }),
      replace: true,
    })
}

/** The arrow keys step, but where somebody types or chooses. */
function useStepKeys(rewind: Rewind | undefined): void {
  const go = useGo()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element | null)?.closest('input, select, textarea, dialog')
      if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return
      const to =
        event.key === 'ArrowLeft'
          ? rewind?.previous
          : event.key === 'ArrowRight'
            ? rewind?.next
            : undefined
      if (to === undefined || to === null) return
      event.preventDefault()
      void go({ at: to.at as Instant, act: to.id })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}

function Choice({
  tillId,
  at,
  rewind,
}: {
  readonly tillId: string
  readonly at: string | undefined
  readonly rewind: Rewind | undefined
}) {
  const t = useText()
  const go = useGo()
  const { shop } = useScope()
  const tills = useTills()
  const shopName = useShopName()
  const zoneOf = useTimeZone()
  const till = tills.find(({ id }) => id === tillId)
  const zone = zoneOf(till?.shopId ?? null)
  const clock = at === undefined ? undefined : wallClockOf(at as Instant, zone)
  const change = (day: string, time: string) => {
    if (day !== '' && time !== '') void go({ at: instantOf(day, time, zone) })
  }
  const step = (to: Rewind['next'] | undefined) =>
    to && (() => void go({ at: to.at as Instant, act: to.id }))
  return (
    <div
      data-print="hide"
      className="flex flex-wrap items-end gap-3 border-t border-line px-5 py-3"
    >
      <div className="w-56">
        <SelectField
          label={t('rewind.till')}
          value={tillId}
          onChange={(event) => void go({ till: event.target.value })}
          choices={tills
            .filter(({ shopId }) => shop === undefined || shopId === shop)
            .map(({ id, number, shopId }) => ({
              value: id,
              label: `${shop === undefined ? `${shopName(shopId)} · ` : ''}${t('till.number', { number })}`,
            }))}
        />
      </div>
      <Field
        label={t('rewind.date')}
        type="date"
        value={clock?.day ?? ''}
        onChange={(event) => change(event.target.value, clock?.time ?? '12:00:00')}
      />
      <Field
        label={t('rewind.time')}
        type="time"
        step={1}
        value={clock?.time ?? ''}
        onChange={(event) => change(clock?.day ?? '', event.target.value)}
      />
      <span className="flex gap-2">
        <Button
          disabled={!rewind?.previous}
          onClick={step(rewind?.previous) ?? undefined}
          icon={<ChevronLeft aria-hidden="true" size={16} />}
        >
          {t('rewind.previous')}
        </Button>
        <Button disabled={!rewind?.next} onClick={step(rewind?.next) ?? undefined}>
          {t('rewind.next')}
          <ChevronRight aria-hidden="true" size={16} />
        </Button>
      </span>
      <span className="hidden pb-2 text-small text-ink-faint min-[1440px]:inline">
        {t('rewind.keys')}
      </span>
      <Button
        className="ml-auto"
        onClick={() => window.print()}
        icon={<Printer aria-hidden="true" size={16} />}
      >
        {t('rewind.print')}
      </Button>
    </div>
  )
}
