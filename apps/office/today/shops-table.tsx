import { Link } from '@tanstack/react-router'
import { SmallBar } from '@tillkeeper/ui/figure/small-bar.tsx'
import { Sparkline } from '@tillkeeper/ui/figure/sparkline.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { hoursInSight, hoursOf, netOf, type ShopToday } from './figures.ts'

/** Each shop in a row; its name opens the office for it alone. */
export function ShopsTable({
  shops,
  day,
}: {
  readonly shops: readonly ShopToday[]
  readonly day: string
}) {
  const t = useText()
  const sorted = shops.toSorted((a, b) => netOf(b.day) - netOf(a.day))
  const most = Math.max(0, ...shops.map((row) => netOf(row.day)))
  const right = 'px-3 py-2 text-right font-medium last:pr-5'
  return (
    <Section title={t('shops.title')} className="flex-1">
      <div className="overflow-x-auto">
        <table aria-label={t('shops.title')} className="w-full border-collapse text-small">
          <thead>
            <tr className="text-ink-soft">
              <th scope="col" className="px-3 py-2 pl-5 text-left font-medium">
                {t('shops.shop')}
              </th>
              <th scope="col" className={right}>
                {t('today.sales')}
              </th>
              <th scope="col" className="hidden w-[12%] px-3 py-2 sm:table-cell">
                <span className="sr-only">{t('shops.share')}</span>
              </th>
              <th scope="col" className="hidden w-28 px-3 py-2 text-left font-medium xl:table-cell">
                {t('shops.day')}
              </th>
              <th scope="col" className={right}>
                {t('today.cash')}
              </th>
              <th scope="col" className={right}>
                {t('shops.tills')}
              </th>
              <th scope="col" className={`${right} hidden sm:table-cell`}>
                {t('shops.seen')}
              </th>
              <th scope="col" className={`${right} hidden sm:table-cell`}>
                {t('today.exceptions')}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <ShopRow key={row.shop.id} row={row} most={most} day={day} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function ShopRow({
  row,
  most,
  day,
}: {
  readonly row: ShopToday
  readonly most: number
  readonly day: string
}) {
  const t = useText()
  const { shop } = row
  const hours = hoursOf(row.day.hours, shop.timeZone)
  const [first, last] = hoursInSight([hours])
  const cell = 'px-3 py-2 text-right last:pr-5'
  return (
    <tr className="border-t border-line hover:bg-hover">
      <th scope="row" className="px-3 py-2 pl-5 text-left font-medium sm:whitespace-nowrap">
        <Link
          to="/"
          search={(scope) => ({ ...scope, shop: shop.id })}
          className="text-ink underline decoration-line-strong/50 underline-offset-3 hover:decoration-ink"
        >
          {shop.name}
        </Link>
      </th>
      <td className={`${cell} font-medium`}>
        <MoneyText amount={netOf(row.day)} currency={shop.currency} />
      </td>
      <td className="hidden px-3 py-2 sm:table-cell">
        <SmallBar part={netOf(row.day)} whole={most} />
      </td>
      <td className="hidden px-3 py-2 xl:table-cell">
        <Sparkline values={hours.slice(first, last + 1)} width={88} height={20} />
      </td>
      <td className={cell}>
        <MoneyText amount={row.cashInShopMinor} currency={shop.currency} />
      </td>
      <td className={cell}>{row.openTills}</td>
      <td className={`${cell} hidden text-ink-soft sm:table-cell`}>
        {row.lastSeenAt === null ? (
          t('shops.never')
        ) : (
          <DateText
            instant={row.lastSeenAt}
            timeZone={shop.timeZone}
            form={row.lastSeenAt.slice(0, 10) >= day ? 'seconds' : 'date-time'}
          />
        )}
      </td>
      <td className={`${cell} hidden sm:table-cell`}>
        {row.exceptions === 0 ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <span className="font-medium text-warn">{row.exceptions}</span>
        )}
      </td>
    </tr>
  )
}
