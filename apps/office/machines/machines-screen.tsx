import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { ChevronRight, Plus, Server } from 'lucide-react'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { useScope, useShopName, useShops, useTimeZone } from '../shell/use-scope.ts'
import { AlertBadges } from './alert-badges.tsx'
import { describeState } from './describe-machine.ts'
import { alertsOf, byNeed, faultKindOf, stateOf, stockOf } from './machine-alerts.ts'
import { MachineForm } from './machine-form.tsx'
import { pictureOf, totalsOf } from './stock-picture.ts'
import { MiniSlots } from './stock-slots.tsx'
import { type MachineNews, useMachineNews } from './use-machine-news.ts'

/** The cash machines of the shops: who needs a person first, with how full each is. */
export function MachinesScreen() {
  const t = useText()
  const { api } = useClients()
  const may = useMay()
  const isShop = useIsShop()
  const { shop } = useScope()
  const shopName = useShopName()
  const [isRegistering, setRegistering] = useState(false)
  const asked = useQuery(queries(api).machines(shop))
  const news = useMachineNews()
  const mayRegister = isShop && may('recycler.manage')
  const register = mayRegister && (
    <Button
      icon={<Plus aria-hidden="true" size={16} />}
      look={asked.data?.items.length === 0 ? 'primary' : 'plain'}
      onClick={() => setRegistering(true)}
    >
      {t('machine.register')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('page.machines')} note={t('machines.note')}>
        {asked.data?.items.length !== 0 && register}
      </PageHead>
      <Answer asked={asked} waiting={<SkeletonRows rows={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="flex-1 border-t border-line bg-surface">
              <EmptyState
                icon={<Server aria-hidden="true" size={32} />}
                title={t('machines.none')}
                action={register}
              >
                <ConnectSteps />
              </EmptyState>
            </div>
          ) : (
            <div className="flex-1 bg-surface">
              {groupByShop(items).map(([shopId, machines]) => (
                <Section key={shopId} title={shopName(shopId)}>
                  <MachineRows machines={machines} news={news} />
                </Section>
              ))}
            </div>
          )
        }
      </Answer>
      {isRegistering && <RegisterDialog onClose={() => setRegistering(false)} />}
    </>
  )
}

function RegisterDialog({ onClose }: { readonly onClose: () => void }) {
  const { shop } = useScope()
  const shops = useShops()
  const shopId = shop ?? shops[0]?.id
  return shopId === undefined ? null : (
    <MachineForm machine={undefined} shopId={shopId} onClose={onClose} />
  )
}

function ConnectSteps() {
  const t = useText()
  const isShop = useIsShop()
  return (
    <>
      <p className="m-0">{t('machines.none.next')}</p>
      <ol className="mx-auto mt-3 mb-0 max-w-[34rem] list-decimal space-y-1 pl-5 text-left">
        <li>{t('machines.connect.network')}</li>
        <li>{t('machines.connect.interface')}</li>
        <li>{isShop ? t('machines.connect.register') : t('machines.connect.inShop')}</li>
        <li>{t('machines.connect.count')}</li>
      </ol>
    </>
  )
}

function groupByShop(
  machines: readonly RecyclerView[],
): readonly (readonly [string, readonly RecyclerView[]])[] {
  const shops = [...new Set(machines.map(({ shopId }) => shopId))]
  return shops.map((shopId) => [shopId, machines.filter((machine) => machine.shopId === shopId)])
}

function MachineRows({
  machines,
  news,
}: {
  readonly machines: readonly RecyclerView[]
  readonly news: MachineNews
}) {
  const rows = machines.map((machine) => {
    const live = news.of(machine.id)
    return { machine, live, name: machine.name, alerts: alertsOf(machine, live) }
  })
  return (
    <ul className="m-0 list-none p-0">
      {byNeed(rows).map(({ machine, live, alerts }) => (
        <MachineRow key={machine.id} {...{ machine, live, alerts }} />
      ))}
    </ul>
  )
}

function MachineRow({
  machine,
  live,
  alerts,
}: {
  readonly machine: RecyclerView
  readonly live: ReturnType<MachineNews['of']>
  readonly alerts: ReturnType<typeof alertsOf>
}) {
  const t = useText()
  const zone = useTimeZone()(machine.shopId)
  const state = stateOf(machine, live)
  const look = describeState(state)
  const stock = stockOf(machine, live)
  const toldAt = machine.conditionAt ?? machine.stockAt
  return (
    <li
      data-machine={machine.id}
      data-condition={state.is}
      data-alerts={alerts.map(({ kind }) => kind).join(' ')}
      className="border-t border-line"
    >
      <Link
        to="/machines/$machineId"
        params={{ machineId: machine.id }}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-5 py-3 text-ink no-underline hover:bg-hover md:grid-cols-[minmax(0,1fr)_auto_10rem_1rem]"
      >
        <span className="min-w-0">
          <span className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <span className="font-semibold">{machine.name}</span>
            <span className="text-small">
              <StatusDot tone={look.tone} text={t(look.text)} />
            </span>
          </span>
          <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-ink-soft">
            <AlertBadges
              alerts={alerts}
              except={state.is === 'fault' ? faultKindOf(state.fault) : state.is}
            />
            {live === undefined && toldAt !== null && (
              <span>
                {t('machine.toldAt')} <DateText instant={toldAt} timeZone={zone} />
              </span>
            )}
          </span>
        </span>
        <span className="col-span-2 row-start-2 min-w-0 md:col-span-1 md:row-start-auto">
          {stock !== null && <MiniSlots parts={pictureOf(machine, stock)} />}
        </span>
        <span className="text-right">
          {stock === null ? (
            <span className="text-small text-ink-faint">{t('machine.stock.untold')}</span>
          ) : (
            totalsOf(stock).map(({ currency, minor }) => (
              <span key={currency} className="block font-medium">
                <MoneyText amount={minor} currency={currency} />
              </span>
            ))
          )}
        </span>
        <ChevronRight aria-hidden="true" size={16} className="hidden text-ink-faint md:block" />
      </Link>
    </li>
  )
}
