import { Menu as Base } from '@base-ui/react/menu'
import type { ReactNode } from 'react'

export type MenuAction = {
  readonly name: string
  readonly icon?: ReactNode
  readonly onChoose: () => void
}

/** A button that opens a few actions. Arrow keys and letters move in it, Escape closes it. */
export function Menu({
  label,
  children,
  head,
  actions,
}: {
  /** What the button is, for who cannot see it. */
  readonly label: string
  /** The face of the button. */
  readonly children: ReactNode
  /** Text above the actions. */
  readonly head?: ReactNode
  readonly actions: readonly MenuAction[]
}) {
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={label}
        className="inline-flex h-9 items-center gap-2 rounded-md border border-transparent bg-transparent px-2 text-small font-medium hover:bg-hover"
      >
        {children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50">
          <Base.Popup className="min-w-52 rounded-md border border-line bg-raised py-1 text-small text-ink shadow-float outline-none">
            {head !== undefined && (
              <div className="mb-1 border-b border-line px-4 py-2">{head}</div>
            )}
            {actions.map((action) => (
              <Base.Item
                key={action.name}
                onClick={action.onChoose}
                className="flex min-h-9 cursor-pointer items-center gap-3 px-4 py-2 outline-none data-highlighted:bg-hover"
              >
                {action.icon}
                {action.name}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
