import { type ColumnDef, type ReactTable, type SortingState, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { moveRow } from './move-row.ts'
import { type ColumnLook, features } from './table-features.ts'

// biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own, and a list of them has none.
export type Columns<Row extends object> = readonly ColumnDef<typeof features, Row, any>[]

type Props<Row extends object> = {
  /** What the table lists, for who cannot see it. */
  readonly label: string
  readonly columns: Columns<Row>
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Enter on a row, or a click. */
  readonly onOpen?: (row: Row) => void
  readonly initialSort?: SortingState
  readonly onSort?: (sort: SortingState) => void
  /** Asked for when the end comes into sight. */
  readonly onEnd?: () => void
  readonly foot?: ReactNode
}

const rowPx = 40
/** Rows drawn beyond the edges, so that fast scrolling meets no blank. */
const overscan = 12
/** Rows that a page key skips. */
const pageRows = 15
/** The end is in sight this many rows before it. */
const endRows = 20

/**
 * A table of any length: only rows in sight are drawn. The head stays, columns sort, arrow keys walk
 * through the rows and Enter opens one.
 */
export function DataTable<Row extends object>(props: Props<Row>) {
  const [sorting, setSorting] = useState<SortingState>(props.initialSort ?? [])
  const table = useTable({
    features,
    columns: props.columns as ColumnDef<typeof features, Row>[],
    data: props.rows,
    getRowId: props.rowKey,
    state: { sorting },
    onSortingChange: (update) => {
      const next = typeof update === 'function' ? update(sorting) : update
      setSorting(next)
      props.onSort?.(next)
    },
  })
  // State, not a ref: the rows have to hear when the box is there.
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  return (
    <div
      ref={setBox}
      className="@container min-h-0 flex-1 overflow-auto outline-none"
      tabIndex={-1}
    >
      <table
        aria-label={props.label}
        aria-rowcount={table.getRowModel().rows.length}
        className="w-full border-collapse text-small"
      >
        <thead className="sticky top-0 z-10 bg-surface">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <HeadCell
                  key={header.id}
                  look={header.column.columnDef.meta}
                  sorted={header.column.getIsSorted()}
                  onSort={
                    header.column.getCanSort() ? header.column.getToggleSortingHandler() : undefined
                  }
                >
                  <table.FlexRender header={header} />
                </HeadCell>
              ))}
            </tr>
          ))}
        </thead>
        <Rows table={table} box={box} onOpen={props.onOpen} onEnd={props.onEnd} />
      </table>
      {props.foot}
    </div>
  )
}

type RowsProps<Row extends object> = {
  readonly table: ReactTable<typeof features, Row>
  readonly box: HTMLDivElement | null
  readonly onOpen: ((row: Row) => void) | undefined
  readonly onEnd: (() => void) | undefined
}

/** The rows in sight, with room for the others above and below. */
function Rows<Row extends object>({ table, box, onOpen, onEnd }: RowsProps<Row>) {
  const { rows } = table.getRowModel()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan,
  })
  const items = virtual.getVirtualItems()
  const lastIndex = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastIndex >= rows.length - endRows) onEnd?.()
  }, [lastIndex, rows.length, onEnd])

  const [active, setActive] = useState(0)
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const next = moveRow(event.key, { active, count: rows.length, page: pageRows })
    if (next === undefined) return
    event.preventDefault()
    setActive(next)
    virtual.scrollToIndex(next)
    const body = event.currentTarget
    // The row may be drawn only now that it is scrolled to.
    requestAnimationFrame(() => {
      body.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus()
    })
  }
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <tbody onKeyDown={onKeyDown}>
      {before > 0 && <Spacer px={before} />}
      {items.map(({ index }) => {
        const row = rows[index]
        if (row === undefined) return null
        return (
          <tr
            key={row.id}
            data-index={index}
            aria-rowindex={index + 1}
            tabIndex={index === Math.min(active, rows.length - 1) ? 0 : -1}
            onFocus={() => setActive(index)}
            onClick={(event) => isPlainClick(event) && onOpen?.(row.original)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onOpen?.(row.original)
            }}
            className={joinClasses(
              'h-10 border-t border-line -outline-offset-2',
              onOpen !== undefined && 'cursor-pointer hover:bg-hover',
            )}
          >
            {row.getAllCells().map((cell) => (
              <td key={cell.id} className={cellClasses(cell.column.columnDef.meta)}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        )
      })}
      {after > 0 && <Spacer px={after} />}
    </tbody>
  )
}

// A link in the row opens itself, also into a new tab; text that is being selected opens nothing.
function isPlainClick(event: MouseEvent): boolean {
  const isLink = event.target instanceof Element && event.target.closest('a') !== null
  return !isLink && window.getSelection()?.isCollapsed !== false
}

const from: Readonly<Record<NonNullable<ColumnLook['from']>, string>> = {
  tablet: 'hidden @xl:table-cell',
  desktop: 'hidden @4xl:table-cell',
  wide: 'hidden @5xl:table-cell',
  widest: 'hidden @7xl:table-cell',
}

function cellClasses(look: ColumnLook | undefined): string {
  return joinClasses(
    'max-w-[22rem] truncate px-3 py-1 first:pl-5 last:pr-5',
    look?.align === 'right' && 'text-right',
    look?.width === 'rest' && '@5xl:w-full @5xl:max-w-0',
    look?.from !== undefined && from[look.from],
  )
}

function HeadCell({
  look,
  sorted,
  onSort,
  children,
}: {
  readonly look: ColumnLook | undefined
  readonly sorted: false | 'asc' | 'desc'
  readonly onSort: ((event: unknown) => void) | undefined
  readonly children: ReactNode
}) {
  const t = useText()
  const direction = sorted === 'asc' ? 'ascending' : 'descending'
  return (
    <th
      scope="col"
      aria-sort={sorted === false ? undefined : direction}
      style={look?.width === undefined || look.width === 'rest' ? undefined : { width: look.width }}
      className={joinClasses(
        cellClasses(look),
        'h-9 border-b border-line text-left font-medium text-ink-soft',
      )}
    >
      {onSort === undefined ? (
        children
      ) : (
        <button
          type="button"
          title={t('table.sort')}
          onClick={onSort}
          className={joinClasses(
            'inline-flex items-center gap-1 rounded-sm font-medium hover:text-ink',
            sorted !== false && 'text-ink',
          )}
        >
          {children}
          {sorted === 'asc' && <ArrowUp aria-hidden="true" size={14} />}
          {sorted === 'desc' && <ArrowDown aria-hidden="true" size={14} />}
        </button>
      )}
    </th>
  )
}

function Spacer({ px }: { readonly px: number }) {
  return (
    <tr>
      <td style={{ height: px }} className="p-0" />
    </tr>
  )
}
