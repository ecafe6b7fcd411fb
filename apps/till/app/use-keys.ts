import { useEffect, useRef } from 'react'

/** Takes a key, or leaves it to who stands behind: `true` means taken. */
export type KeyHandler = (event: KeyboardEvent) => boolean

// Handlers of what is on the screen, the topmost last. A dialog that opened after a panel hears first.
const handlers: { current: KeyHandler }[] = []

/** Hears keys while the component is there. What was taken does nothing else. */
export function useKeys(handler: KeyHandler): void {
  const held = useRef(handler)
  useEffect(() => {
    held.current = handler
  })
  useEffect(() => {
    handlers.push(held)
    if (handlers.length === 1) window.addEventListener('keydown', hear)
    return () => {
      handlers.splice(handlers.indexOf(held), 1)
      if (handlers.length === 0) window.removeEventListener('keydown', hear)
    }
  }, [])
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  for (const handler of handlers.toReversed()) {
    if (handler.current(event)) {
      event.preventDefault()
      return
    }
  }
}

/** Whether a key goes into a field that somebody is typing in. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Whether a key presses the button that has the focus. */
export function pressesButton(event: KeyboardEvent): boolean {
  const { target, key } = event
  return (key === 'Enter' || key === ' ') && target instanceof HTMLButtonElement
}
