import type { ReactNode } from 'react'

/** One figure with its name above and what it means below. `action` is what opens the list behind it. */
export function StatTile({
  name,
  figure,
  note,
  action,
}: {
  readonly name: string
  readonly figure: ReactNode
  readonly note?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="relative flex min-w-0 flex-col gap-0.5 px-4 py-4 sm:px-5">
      <span className="text-small text-ink-soft">{name}</span>
      <span className="truncate text-[1.375rem] leading-[1.3] sm:text-figure font-semibold tracking-[-0.01em]">
        {figure}
      </span>
      <span className="min-h-[1.5em] text-small text-ink-soft">{note}</span>
      {action}
    </div>
  )
}
