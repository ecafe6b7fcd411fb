import type { NodeHealth, ShopHealth } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { CountText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Check, Store } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../messages/use-text.ts'
import { useTimeZone } from '../shell/use-scope.ts'
import { describeAge, describeNode, formatOffset } from './node-look.ts'

const wide = 'hidden lg:table-cell'
const right = 'px-3 py-2 text-right'

/** Each shop with its server and tills: what is here of their facts, and how they fare. */
export function HealthTable({ shops }: { readonly shops: readonly ShopHealth[] }) {
  const t = useText()
  if (shops.length === 0) {
    return (
      <EmptyState icon={<Store aria-hidden="true" size={32} />} title={t('sync.shops.none')}>
        {t('today.noShops.next')}
      </EmptyState>
    )
  }
  const head = `${right} font-medium`
  return (
    <div className="overflow-x-auto">
      <table aria-label={t('sync.shops')} className="w-full border-collapse text-small">
        <thead>
          <tr className="text-ink-soft">
            <th scope="col" className="px-3 py-2 pl-5 text-left font-medium">
              {t('sync.node')}
            </th>
            <th scope="col" className="px-3 py-2 text-left font-medium">
              {t('sync.state')}
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              {t('sync.facts')}
            </th>
            <th scope="col" className={head}>
              {t('sync.behind')}
            </th>
            <th scope="col" className={head}>
              {t('sync.parked')}
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              {t('sync.clock')}
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              {t('sync.seen')}
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              {t('sync.compared')}
            </th>
            <th scope="col" className={`${head} ${wide} pr-5`}>
              {t('sync.build')}
            </th>
          </tr>
        </thead>
        {shops.map((shop) => (
          <ShopRows key={shop.shopId} shop={shop} />
        ))}
      </table>
    </div>
  )
}

function ShopRows({ shop }: { readonly shop: ShopHealth }) {
  const t = useText()
  const zone = useTimeZone()(shop.shopId)
  const { tone, text } = describeNode(shop.state)
  return (
    <tbody className="border-t border-line">
      <tr>
        <th scope="rowgroup" className="px-3 pt-3 pb-1 pl-5 text-left text-body font-semibold">
          {shop.name}
        </th>
        <td className="px-3 pt-3 pb-1">
          <StatusDot tone={tone} text={t(text)} />
        </td>
        <td colSpan={7} className="hidden px-3 pt-3 pr-5 pb-1 text-right lg:table-cell">
          <Arrived shop={shop} />
        </td>
      </tr>
      <tr className="lg:hidden">
        <td colSpan={9} className="px-3 pb-1 pl-5">
          <Arrived shop={shop} />
        </td>
      </tr>
      <NodeRow name={t('sync.server')} node={shop.server} zone={zone} />
      {shop.tills.map((till) => (
        <NodeRow
          key={till.tillId}
          name={t('sync.till', { number: till.number, name: till.name })}
          node={till}
          zone={zone}
        />
      ))}
    </tbody>
  )
}

/** How many of the shop's facts are where they should be: a tick says all. */
function Arrived({ shop }: { readonly shop: ShopHealth }) {
  const t = useText()
  if (shop.facts === 0) return null
  const whole = shop.arrived === shop.facts
  const count = (amount: number) => amount.toLocaleString('en')
  return (
    <span
      className={joinClasses('inline-flex items-center gap-1.5', whole ? 'text-good' : 'text-warn')}
    >
      {whole && <Check aria-hidden="true" size={15} strokeWidth={2.5} className="shrink-0" />}
      {t('sync.arrived', { arrived: count(shop.arrived), facts: count(shop.facts) })}
    </span>
  )
}

function NodeRow({
  name,
  node,
  zone,
}: {
  readonly name: string
  readonly node: NodeHealth
  readonly zone: string
}) {
  const t = useText()
  const { tone, text } = describeNode(node.state)
  const parked = node.parkedHere + (node.parkedThere ?? 0)
  return (
    <tr className="hover:bg-hover">
      <th scope="row" className="px-3 py-1.5 pl-8 text-left font-normal">
        {name}
      </th>
      <td className="px-3 py-1.5">
        <StatusDot tone={tone} text={t(text)} />
      </td>
      <td className={`${right} ${wide}`}>
        <CountText count={node.facts} />
      </td>
      <td className={right}>
        <Behind node={node} />
      </td>
      <td className={right}>{zeroIsFaint(parked)}</td>
      <td className={`${right} hidden sm:table-cell`}>
        {node.clockOffsetMs === null ? <Nothing /> : <Clock offsetMs={node.clockOffsetMs} />}
      </td>
      <td className={`${right} hidden text-ink-soft sm:table-cell`}>
        {node.heardAt === null ? (
          t('sync.never')
        ) : (
          <DateText instant={node.heardAt} timeZone={zone} form="date-seconds" />
        )}
      </td>
      <td className={`${right} ${wide} text-ink-soft`}>
        {node.reconciledAt === null ? (
          <Nothing />
        ) : (
          <DateText instant={node.reconciledAt} timeZone={zone} />
        )}
      </td>
      <td className={`${right} ${wide} pr-5 whitespace-nowrap text-ink-soft`}>
        {node.build === null ? <Nothing /> : `${node.build} · ${node.proto ?? ''}`}
      </td>
    </tr>
  )
}

function Behind({ node }: { readonly node: NodeHealth }) {
  const t = useText()
  if (node.lagFacts === 0) return zeroIsFaint(0)
  const age = describeAge(node.lagSeconds)
  if (node.lagSeconds === 0) return <CountText count={node.lagFacts} />
  return t('sync.behind.since', {
    count: node.lagFacts.toLocaleString('en'),
    age: t(age.text, { count: age.count }),
  })
}

function Clock({ offsetMs }: { readonly offsetMs: number }): ReactNode {
  const far = Math.abs(offsetMs) > 60_000
  return <span className={far ? 'font-medium text-warn' : undefined}>{formatOffset(offsetMs)}</span>
}

const Nothing = () => <span className="text-ink-soft">–</span>

function zeroIsFaint(count: number): ReactNode {
  if (count === 0) return <span className="text-ink-soft">0</span>
  return (
    <span className="font-medium text-warn">
      <CountText count={count} />
    </span>
  )
}
