import { getRouteApi } from '@tanstack/react-router'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { PageHead } from '../shell/page-head.tsx'
import { addDays } from '../shell/scope.ts'
import { useScope, useTodayDate } from '../shell/use-scope.ts'
import { CashFlowReport } from './cash-flow-report.tsx'
import { FundsReport } from './funds-report.tsx'
import { MethodsReport } from './methods-report.tsx'
import { type ReportName, reportNames } from './report-names.ts'
import { StaffReport } from './staff-report.tsx'
import { VariancesReport } from './variances-report.tsx'

const route = getRouteApi('/reports')

/** Days that a report may look back, from the day that the office looks at. */
const ranges: readonly { readonly days: number; readonly text: OfficeKey }[] = [
  { days: 7, text: 'report.days.7' },
  { days: 30, text: 'report.days.30' },
  { days: 90, text: 'report.days.90' },
  { days: 365, text: 'report.days.365' },
]

/** What days came to: cash flow, methods, people, variances and staff funds, each as a plot, a table and a file. */
export function ReportsScreen() {
  const t = useText()
  const { report = 'cash-flow', days = 30 } = route.useSearch()
  const navigate = route.useNavigate()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const to = date ?? today
  const asked = { shopId: shop, from: addDays(to, 1 - days), to }
  const go = (search: { report?: ReportName; days?: number }) =>
    void navigate({ search: (before) => ({ ...before, ...search }) })
  return (
    <>
      <PageHead title={t('page.reports')}>
        <SelectField
          label={t('report.days')}
          labelled="hide"
          value={String(days)}
          onChange={(event) => go({ days: Number(event.target.value) })}
          choices={ranges.map((range) => ({ value: String(range.days), label: t(range.text) }))}
        />
      </PageHead>
      <nav
        aria-label={t('page.reports')}
        data-print="hide"
        className="flex gap-1 overflow-x-auto border-t border-line bg-surface px-4 py-2"
      >
        {reportNames.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === report ? 'page' : undefined}
            onClick={() => go({ report: name })}
            className={joinClasses(
              'h-9 shrink-0 rounded-md px-3 text-body whitespace-nowrap text-ink-soft hover:bg-hover',
              'aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent',
            )}
          >
            {t(`report.${name}`)}
          </button>
        ))}
      </nav>
      <div className="flex-1 bg-surface">
        {report === 'cash-flow' && <CashFlowReport asked={asked} />}
        {report === 'methods' && <MethodsReport asked={asked} />}
        {report === 'staff' && <StaffReport asked={asked} />}
        {report === 'variances' && <VariancesReport asked={asked} />}
        {report === 'funds' && <FundsReport asked={asked} />}
      </div>
    </>
  )
}
