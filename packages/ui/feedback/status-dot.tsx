import { joinClasses } from '../theme/join-classes.ts'

/** `good` done or well, `warn` needs a person, `danger` wrong, `idle` nothing to say. */
export type Tone = 'good' | 'warn' | 'danger' | 'idle'

const dots: Readonly<Record<Tone, string>> = {
  good: 'bg-good',
  warn: 'bg-warn',
  danger: 'bg-danger',
  idle: 'bg-ink-faint',
}

/** A state: a dot, and always the word with it, since colour alone says nothing to many people. */
export function StatusDot({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span
        aria-hidden="true"
        className={joinClasses(
          'size-2 shrink-0',
          tone === 'warn' ? 'rotate-45 rounded-[1px]' : 'rounded-full',
          dots[tone],
        )}
      />
      {text}
    </span>
  )
}

const badges: Readonly<Record<Tone, string>> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  idle: 'bg-sunken text-ink-soft',
}

/** A short word on its tone's ground. */
export function Badge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <span
      className={joinClasses(
        'inline-flex items-center rounded-sm px-1.5 py-0.5 text-[0.75rem] font-medium leading-[1.5] whitespace-nowrap',
        badges[tone],
      )}
    >
      {text}
    </span>
  )
}
