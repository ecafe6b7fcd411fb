import { Button } from '@tillkeeper/ui/button/button.tsx'
import { ChartLine, Download, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { saveCsv, writeCsv } from '../table/csv.ts'

/** One column of a report: its head, what stands in it, and how a spreadsheet has it. */
export type ReportColumn<Row> = {
  readonly name: string
  readonly cell: (row: Row) => ReactNode
  /** The head of the file, the same in every language. */
  readonly csvName: string
  readonly csv: (row: Row) => string
  readonly align?: 'right'
}

/** A report: its plot, if it has one, with the table of the same figures, and the figures as a file. */
export function Report<Row>({
  title,
  note,
  file,
  columns,
  rows,
  rowKey,
  plot,
}: {
  readonly title: string
  readonly note?: string | undefined
  /** The name of the file, without its end. */
  readonly file: string
  readonly columns: readonly ReportColumn<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly plot?: ReactNode
}) {
  const t = useText()
  const [shown, setShown] = useState<'plot' | 'table'>('plot')
  const view = plot === undefined ? 'table' : shown
  const save = () => {
    const head = columns.map(({ csvName }) => csvName)
    saveCsv(
      `${file}.csv`,
      writeCsv([head, ...rows.map((row) => columns.map((column) => column.csv(row)))]),
    )
  }
  return (
    <Section
      title={title}
      action={
        <span data-print="hide" className="flex gap-1">
          {plot !== undefined && (
            <Button
              look="quiet"
              aria-pressed={view === 'table'}
              onClick={() => setShown(view === 'plot' ? 'table' : 'plot')}
              icon={
                view === 'plot' ? (
                  <Table2 aria-hidden="true" size={16} />
                ) : (
                  <ChartLine aria-hidden="true" size={16} />
                )
              }
            >
              {view === 'plot' ? t('hours.asTable') : t('hours.asPlot')}
            </Button>
          )}
          <Button look="quiet" onClick={save} icon={<Download aria-hidden="true" size={16} />}>
            CSV
          </Button>
        </span>
      }
    >
      {note !== undefined && <p className="m-0 px-5 pb-2 text-small text-ink-soft">{note}</p>}
      {rows.length === 0 ? (
        <p className="m-0 px-5 pb-6 text-small text-ink-soft">{t('report.none')}</p>
      ) : view === 'plot' ? (
        <div className="px-2 pb-3">{plot}</div>
      ) : (
        <Rows {...{ title, columns, rows, rowKey }} />
      )}
    </Section>
  )
}

function Rows<Row>({
  title,
  columns,
  rows,
  rowKey,
}: {
  readonly title: string
  readonly columns: readonly ReportColumn<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}) {
  const side = (column: ReportColumn<Row>) =>
    column.align === 'right' ? 'text-right' : 'text-left'
  return (
    <div className="overflow-x-auto pb-3">
      <table aria-label={title} className="w-full border-collapse text-small">
        <thead>
          <tr className="text-ink-soft">
            {columns.map((column) => (
              <th
                key={column.csvName}
                scope="col"
                className={`px-3 py-1.5 font-medium whitespace-nowrap first:pl-5 last:pr-5 ${side(column)}`}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-t border-line">
              {columns.map((column) => (
                <td
                  key={column.csvName}
                  className={`px-3 py-1.5 first:pl-5 last:pr-5 ${side(column)}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
