import type { ComponentProps, ReactNode } from 'react'
import { joinClasses } from '../theme/join-classes.ts'

/** `primary` marks the one next action of a screen; there is at most one at a time. */
export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'
/** `office` is 36 px high, `touch` 48, `pay` 64. */
export type ButtonSize = 'office' | 'touch' | 'pay'

type ButtonProps = Omit<ComponentProps<'button'>, 'type'> & {
  readonly look?: ButtonLook
  readonly size?: ButtonSize
  readonly type?: 'button' | 'submit'
  /** The key that does the same, printed small on the button: `F8`. */
  readonly shortcut?: string | undefined
  readonly icon?: ReactNode
}

const looks: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-strong font-semibold',
  plain: 'bg-surface text-ink border-line-strong/60 hover:bg-hover font-medium',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-hover font-medium',
  danger: 'bg-danger text-on-danger border-transparent hover:bg-danger-strong font-semibold',
}

const sizes: Readonly<Record<ButtonSize, string>> = {
  office: 'min-h-9 px-3 text-body gap-2',
  touch: 'min-h-12 px-4 text-small gap-2',
  pay: 'min-h-16 px-5 text-body gap-3',
}

/** A button. While `disabled` it stays readable and says so to everyone. */
export function Button({
  look = 'plain',
  size = 'office',
  type = 'button',
  shortcut,
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-keyshortcuts={shortcut}
      className={joinClasses(
        'inline-flex select-none items-center justify-center rounded-md border leading-tight',
        'transition-colors duration-100 active:brightness-95',
        'disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-ink-faint',
        looks[look],
        sizes[size],
        className,
      )}
    >
      {icon}
      {children}
      {shortcut !== undefined && (
        <span
          aria-hidden="true"
          className="text-[0.75em] font-normal opacity-(--hint-opacity,0.75)"
        >
          {shortcut.length === 1 ? shortcut.toUpperCase() : shortcut}
        </span>
      )}
    </button>
  )
}

/** A button that shows only a picture; `label` is its name for everyone who cannot see it. */
export function IconButton({
  label,
  size = 'office',
  look = 'quiet',
  className,
  children,
  ...rest
}: Omit<ButtonProps, 'icon' | 'shortcut'> & { readonly label: string }) {
  const square: Readonly<Record<ButtonSize, string>> = {
    office: 'w-9 px-0!',
    touch: 'w-12 px-0!',
    pay: 'w-16 px-0!',
  }
  return (
    <Button
      {...rest}
      size={size}
      look={look}
      aria-label={label}
      title={label}
      className={joinClasses(square[size], className)}
    >
      {children}
    </Button>
  )
}
