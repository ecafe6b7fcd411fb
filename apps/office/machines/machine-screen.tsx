import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { Menu } from '@tillkeeper/ui/menu/menu.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Facts, PageHead, Section } from '../shell/page-head.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { usePlaces } from '../shell/use-places.ts'
import { AttemptList } from './attempt-list.tsx'
import { AttemptNow } from './attempt-now.tsx'
import { AttemptSheet } from './attempt-sheet.tsx'
import { actWords, ConditionPanel } from './condition-panel.tsx'
import { describeDriver, describeState } from './describe-machine.ts'
import { FramesSection } from './frames-section.tsx'
import { GiveBackDialog, type Taken } from './give-back-dialog.tsx'
import { MachineActDialog, useOffered } from './machine-acts.tsx'
import { alertsOf, atOneMoment, stateOf, stockOf } from './machine-alerts.ts'
import { type MachineAct, needsRest } from './machine-can.ts'
import { pictureOf, totalsOf } from './stock-picture.ts'
import { StockSlots } from './stock-slots.tsx'
import { useMachineNews } from './use-machine-news.ts'

const route = getRouteApi('/machines/$machineId')

/** One cash machine: what it holds, how it stands, what it does now and did before, and all that can be done with it. */
export function MachineScreen() {
  const { machineId } = route.useParams()
  const { api } = useClients()
  const asked = useQuery(queries(api).machine(machineId))
  const news = useMachineNews()
  return (
    <Answer asked={asked}>
      {(machine) => (
        <MachinePage
          key={machine.id}
          machine={machine}
          live={news.of(machine.id)}
          isCut={news.link === 'down'}
        />
      )}
    </Answer>
  )
}

function MachinePage({
  machine,
  live,
  isCut,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
  readonly isCut: boolean
}) {
  const t = useText()
  const { api } = useClients()
  const isShop = useIsShop()
  const may = useMay()
  const { attempt: attemptId } = route.useSearch()
  const navigate = route.useNavigate()
  const [act, setAct] = useState<MachineAct>()
  const [giving, setGiving] = useState<Taken>()
  const offered = useOffered(machine, live)
  const state = stateOf(machine, live)
  const alerts = alertsOf(machine, live)
  const stock = stockOf(machine, live)
  const recent = useQuery({
    ...queries(api).unresolved(machine.id),
    enabled: machine.unresolved > 0,
  })
  const openAttempt = (id: string | undefined) =>
    void navigate({ search: (held) => ({ ...held, attempt: id }) })
  const taken = isShop && may('recycler.use') ? takenToExchange(live) : undefined
  // An attempt without an end is opened, not asked about: its evidence stands on its own sheet.
  const begin = (next: MachineAct) =>
    next === 'resolve' ? openAttempt(recent.data?.attemptId) : setAct(next)
  return (
    <div
      data-machine={machine.id}
      data-condition={state.is}
      data-live={live?.at ?? ''}
      className="flex flex-1 flex-col"
    >
      <MachineHead {...{ machine, live, offered }} onAct={begin} />
      {isCut && (
        <p
          role="status"
          className="m-0 border-t border-line bg-warn-soft px-5 py-1.5 text-small text-warn"
        >
          {t('machine.cut')}
        </p>
      )}
      {!isShop && (
        <p className="m-0 border-t border-line bg-sunken px-5 py-1.5 text-small text-ink-soft">
          {t('machine.readOnly')}
        </p>
      )}
      <ConditionPanel {...{ machine, state, alerts, offered }} onAct={begin} />
      <div className="grid lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="order-last min-w-0 bg-surface lg:order-first">
          <Section title={t('machine.stock')}>
            {stock === null ? (
              <p className="m-0 px-5 pb-5 text-small text-ink-soft">{t('machine.stock.none')}</p>
            ) : (
              <StockSlots parts={pictureOf(atOneMoment(machine, live), stock)} />
            )}
          </Section>
        </div>
        <div className="min-w-0 border-line bg-surface lg:border-l">
          {live?.attempt != null && (
            <AttemptNow
              attempt={live.attempt}
              onOpen={() => openAttempt(live.attempt?.attemptId)}
              onGive={taken === undefined ? undefined : () => setGiving(taken)}
            />
          )}
          <MachineFacts machine={machine} live={live} />
        </div>
      </div>
      <AttemptList machine={machine} onOpen={openAttempt} />
      {isShop && may('recycler.manage') && <FramesSection machine={machine} />}
      <div className="flex-1 border-t border-line bg-surface" />
      {act !== undefined && (
        <MachineActDialog {...{ act, machine, live }} onClose={() => setAct(undefined)} />
      )}
      {giving !== undefined && live !== undefined && (
        <GiveBackDialog
          {...{ machine, live }}
          taken={giving}
          onClose={() => setGiving(undefined)}
        />
      )}
      {attemptId !== undefined && (
        <AttemptSheet
          key={attemptId}
          {...{ machine, live, attemptId }}
          onClose={() => openAttempt(undefined)}
        />
      )}
    </div>
  )
}

/** What the last work took for nothing: the first half of an exchange, which the second gives in other pieces. */
function takenToExchange(live: LiveRecycler | undefined): Taken | undefined {
  const attempt = live?.attempt
  if (attempt == null || live?.at !== 'idle' || live.capabilities === null) return undefined
  const { attemptId, currency, work, links, ending } = attempt
  if (work.kind !== 'deposit' || links !== null || ending !== 'done') return undefined
  const kept = (attempt.in?.minor ?? 0) - (attempt.out?.minor ?? 0)
  return kept > 0 ? { attemptId, currency, keptMinor: minor(kept) } : undefined
}

/** Acts that stand as buttons; the others in a menu beside them. */
const shown: readonly MachineAct[] = ['replenish', 'collect', 'exchange', 'empty', 'count']
const more: readonly MachineAct[] = [
  ...(['verify', 'reset', 'lock', 'unlock', 'settings', 'secret', 'forget'] as const),
]

function MachineHead({
  machine,
  live,
  offered,
  onAct,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
  readonly offered: (act: MachineAct) => boolean
  readonly onAct: (act: MachineAct) => void
}) {
  const { t, zone, shopName } = usePlaces()
  const look = describeState(stateOf(machine, live))
  const driver = describeDriver(machine)
  const toldAt = machine.conditionAt ?? machine.stockAt
  const isAtWork = stateOf(machine, live).is === 'working'
  const hidden = more.filter((act) => offered(act) && !(isAtWork && needsRest(act)))
  return (
    <PageHead
      back={{ to: '/machines', name: t('page.machines') }}
      title={
        <span className="inline-flex flex-wrap items-center gap-x-4">
          {machine.name}
          <span role="status" className="text-body font-normal">
            <StatusDot tone={look.tone} text={t(look.text)} />
          </span>
        </span>
      }
      note={
        <>
          {shopName(machine.shopId)} · {driver === undefined ? machine.driver : t(driver)}
          {live === undefined && toldAt !== null && (
            <>
              {' · '}
              {t('machine.toldAt')} <DateText instant={toldAt} timeZone={zone(machine.shopId)} />
            </>
          )}
        </>
      }
    >
      {shown.filter(offered).map((act) => (
        <Button key={act} disabled={isAtWork && needsRest(act)} onClick={() => onAct(act)}>
          {t(actWords[act])}
        </Button>
      ))}
      {hidden.length > 0 && (
        <Menu
          label={t('machine.more')}
          actions={hidden.map((act) => ({
            name: t(actWords[act]),
            onChoose: () => onAct(act),
          }))}
        >
          <Ellipsis aria-hidden="true" size={18} />
        </Menu>
      )}
    </PageHead>
  )
}

function MachineFacts({
  machine,
  live,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
}) {
  const { t, zone, tillNumber } = usePlaces()
  const stock = stockOf(machine, live)
  return (
    <Section title={t('machine.facts')}>
      <Facts
        rows={[
          [
            t('machine.holds'),
            stock === null
              ? '–'
              : totalsOf(stock).map(({ currency, minor }) => (
                  <span key={currency} className="block font-semibold">
                    <MoneyText amount={minor} currency={currency} />
                  </span>
                )),
          ],
          ...(machine.known
            ? []
            : ([[t('machine.books.name'), t('machine.books.never')]] as const)),
          ...(machine.stockAt === null
            ? []
            : ([
                [
                  t('machine.stockAt'),
                  <DateText
                    key="stock"
                    instant={machine.stockAt}
                    timeZone={zone(machine.shopId)}
                  />,
                ],
              ] as const)),
          [
            t('machine.tills'),
            machine.tills.length === 0
              ? t('machine.tills.none')
              : machine.tills.map(tillNumber).sort().join(', '),
          ],
          [t('machine.currencies'), machine.currencies.join(', ')],
          [t('machine.address'), machine.address],
        ]}
      />
    </Section>
  )
}
