import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** The heading of a screen, with what can be done there at its right. */
export function PageHead({
  title,
  note,
  back,
  children,
}: {
  readonly title: ReactNode
  /** The list that this belongs to. */
  readonly back?: {
    readonly to: '/sales' | '/tills' | '/evening' | '/machines'
    readonly name: string
  }
  readonly note?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <div className="flex shrink-0 flex-wrap items-end justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3 sm:px-5">
      <div className="min-w-0">
        {back !== undefined && (
          <Link
            to={back.to}
            data-print="hide"
            className="-ml-1 inline-flex items-center gap-0.5 text-small text-ink-soft no-underline hover:text-ink hover:underline"
          >
            <ChevronLeft aria-hidden="true" size={15} />
            {back.name}
          </Link>
        )}
        <h1 className="m-0 text-title font-semibold tracking-[-0.01em]">{title}</h1>
        {note !== undefined && <p className="m-0 text-small text-ink-soft">{note}</p>}
      </div>
      {children !== undefined && (
        <div data-print="hide" className="flex flex-wrap items-end gap-2">
          {children}
        </div>
      )}
    </div>
  )
}

/** A part of a page with its own heading; hairlines, no box. */
export function Section({
  title,
  action,
  children,
  className = '',
}: {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <section className={`min-w-0 border-t border-line bg-surface ${className}`}>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 px-5 pt-2">
        <h2 className="m-0 text-body font-semibold">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Names and values, as on a form. */
export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: ReactNode])[]
}) {
  return (
    <dl className="m-0 grid grid-cols-[minmax(6rem,auto)_1fr] content-start gap-x-4 gap-y-1 px-5 py-2 text-small">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="m-0 min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
