import { ChevronDown } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { joinClasses } from '../theme/join-classes.ts'

export type FieldSize = 'office' | 'touch'

const heights: Readonly<Record<FieldSize, string>> = {
  office: 'h-9 px-2.5 text-body',
  touch: 'h-12 px-3 text-body',
}

const frame =
  'w-full rounded-md border border-line-strong bg-surface text-ink disabled:bg-sunken disabled:text-ink-faint aria-invalid:border-danger'

type Around = {
  readonly label: string
  /** `hide` where the place says it already; screen readers still hear it. */
  readonly labelled?: 'show' | 'hide'
  readonly hint?: string
  /** What is wrong with what was typed, and what would be right. */
  readonly error?: string | undefined
  readonly size?: FieldSize
}

/** A line to type into, with its label above and what is wrong with it below. */
export function Field({
  label,
  labelled = 'show',
  hint,
  error,
  size = 'office',
  className,
  ...rest
}: Around & Omit<ComponentProps<'input'>, 'size'>) {
  const id = useId()
  return (
    <FieldFrame {...{ id, label, labelled, hint, error }}>
      <input
        {...rest}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-note`}
        className={joinClasses(frame, heights[size], className)}
      />
    </FieldFrame>
  )
}

export type Choice = { readonly value: string; readonly label: string }

/** One of a list. The browser's own, so it works with any keyboard, finger and screen reader. */
export function SelectField({
  label,
  labelled = 'show',
  hint,
  error,
  size = 'office',
  choices,
  className,
  ...rest
}: Around & Omit<ComponentProps<'select'>, 'size'> & { readonly choices: readonly Choice[] }) {
  const id = useId()
  return (
    <FieldFrame {...{ id, label, labelled, hint, error }}>
      <span className="relative block">
        <select
          {...rest}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-note`}
          className={joinClasses(frame, heights[size], 'appearance-none truncate pr-8!', className)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} className="bg-raised text-ink">
              {choice.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden="true"
          size={16}
          className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink-soft"
        />
      </span>
    </FieldFrame>
  )
}

function FieldFrame({
  id,
  label,
  labelled,
  hint,
  error,
  children,
}: {
  readonly id: string
  readonly label: string
  readonly labelled: 'show' | 'hide'
  readonly hint: string | undefined
  readonly error: string | undefined
  readonly children: ReactNode
}) {
  const note = error ?? hint
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label
        htmlFor={id}
        className={labelled === 'hide' ? 'sr-only' : 'text-small font-medium text-ink-soft'}
      >
        {label}
      </label>
      {children}
      <span
        id={`${id}-note`}
        className={joinClasses(
          'text-small empty:hidden',
          error === undefined ? 'text-ink-faint' : 'text-danger',
        )}
      >
        {note}
      </span>
    </div>
  )
}
