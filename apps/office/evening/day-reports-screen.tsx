import { useQuery } from '@tanstack/react-query'
import type { DayReport } from '@tillkeeper/client/api/document-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { Printer, ScrollText } from 'lucide-react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Paper } from '../sales/paper.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useScope, useShopName, useTodayDate } from '../shell/use-scope.ts'

/** All Z reports of a business day on one page, to look through and to print at once. */
export function DayReportsScreen() {
  const t = useText()
  const [language] = useLanguage()
  const { api } = useClients()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const day = date ?? today
  const shopName = useShopName()
  const asked = useQuery(queries(api).dayReports({ date: day, shopId: shop }, language))
  const where = shop === undefined ? '' : `${shopName(shop)} · `
  const count = asked.data?.items.length ?? 0
  return (
    <>
      <PageHead
        back={{ to: '/evening', name: t('page.evening') }}
        title={t('evening.reports')}
        note={`${where}${formatDay(day, 'weekday', language)}`}
      >
        {count > 0 && (
          <Button
            look="primary"
            onClick={() => window.print()}
            icon={<Printer aria-hidden="true" size={16} />}
          >
            {t('evening.printAll', { count })}
          </Button>
        )}
      </PageHead>
      <Answer asked={asked}>{({ items }) => <Sheet reports={items} />}</Answer>
    </>
  )
}

function Sheet({ reports }: { readonly reports: readonly DayReport[] }) {
  const t = useText()
  const shopName = useShopName()
  if (reports.length === 0) {
    return (
      <EmptyState
        icon={<ScrollText aria-hidden="true" size={32} />}
        title={t('evening.reports.none')}
      >
        {t('evening.reports.none.next')}
      </EmptyState>
    )
  }
  return (
    <ul
      data-print="sheet"
      className="m-0 grid flex-1 list-none grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] content-start items-start gap-5 border-t border-line bg-sunken p-5"
    >
      {reports.map((report) => (
        <li
          key={report.sessionId}
          aria-label={`${shopName(report.shopId)} · ${t('till.number', { number: report.tillNumber })} · ${report.staffName}`}
        >
          <Paper text={report.text} />
        </li>
      ))}
    </ul>
  )
}
