import type { ReactNode } from 'react'
import { useTranslate } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'

/** Nothing is here, and that is in order: says why, and what would fill it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      {icon !== undefined && <span className="text-ink-faint">{icon}</span>}
      <p className="m-0 font-semibold">{title}</p>
      {children !== undefined && (
        <div className="max-w-prose text-small text-ink-soft">{children}</div>
      )}
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  )
}

/** Something failed: what happened, what is safe, what to do next, with that action as the button. */
export function ErrorState({
  happened,
  safe,
  next,
  action,
  tone = 'danger',
}: {
  readonly happened: string
  readonly safe: string
  readonly next: string
  readonly action?: ReactNode
  readonly tone?: 'danger' | 'warn'
}) {
  return (
    <div
      role="alert"
      className={joinClasses(
        'mx-auto flex w-full max-w-xl flex-col gap-1 border-l-4 bg-surface px-5 py-4',
        tone === 'danger' ? 'border-danger' : 'border-warn',
      )}
    >
      <p className="m-0 font-semibold">{happened}</p>
      <p className="m-0 text-small text-ink-soft">{safe}</p>
      <p className="m-0 text-small text-ink-soft">{next}</p>
      {action !== undefined && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  )
}

/** Grey where text will stand, of the size that it will have, so that nothing jumps. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={joinClasses('shimmer block rounded-sm', className ?? 'h-4')}
    />
  )
}

/** A list that is on its way. */
export function SkeletonRows({ rows = 8 }: { readonly rows?: number }) {
  const t = useTranslate()
  return (
    <div role="status" aria-label={t('ui.loading')} className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <Skeleton key={index} className="h-5" />
      ))}
    </div>
  )
}
