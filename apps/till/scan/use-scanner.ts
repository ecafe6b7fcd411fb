import { useEffect, useRef } from 'react'
import { endBurst, gapMaxMs, hearKey, type Scanner, unendedLengthMin } from './scanner.ts'

/** A field that takes scans itself, such as the one for a receipt number. */
export const takesScans = { 'data-scan': 'take' } as const
/** A form that asks for a number or a PIN: while it stands on the page nothing is a scan. */
export const asksForKeys = { 'data-scan': 'off' } as const

/**
 * Hears a barcode scanner anywhere on the page, before anything else hears its keys. What it typed into
 * a field that somebody was in is taken out again.
 */
export function useScanner(onScan: (text: string) => void): void {
  const held = useRef(onScan)
  useEffect(() => {
    held.current = onScan
  })
  useEffect(() => listenForScans((text) => held.current(text)), [])
}

function listenForScans(onScan: (text: string) => void): () => void {
  let scanner: Scanner
  let before: { readonly field: HTMLInputElement; readonly value: string } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const finish = (text: string) => {
    if (before !== undefined) writeField(before.field, before.value)
    scanner = undefined
    onScan(text)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    clearTimeout(timer)
    const { target } = event
    const pending = scanner
    const [next, heard] = hearKey(scanner, {
      code: event.code,
      shift: event.shiftKey,
      chord: event.ctrlKey || event.altKey || event.metaKey,
      composing: event.isComposing,
      answering: isAnswer(event),
      atMs: event.timeStamp,
    })
    scanner = next
    if (heard.is === 'scan') {
      // The terminator would press the button that has the focus.
      event.preventDefault()
      event.stopImmediatePropagation()
      finish(heard.text)
      return
    }
    if (next !== undefined && (pending === undefined || next.text.length === 1)) {
      before =
        target instanceof HTMLInputElement ? { field: target, value: target.value } : undefined
    }
    timer = setTimeout(() => {
      const ended = endBurst(scanner, unendedLengthMin)
      if (ended.is === 'scan') finish(ended.text)
    }, gapMaxMs + 20)
  }
  window.addEventListener('keydown', onKeyDown, { capture: true })
  return () => {
    clearTimeout(timer)
    window.removeEventListener('keydown', onKeyDown, { capture: true })
  }
}

function isAnswer({ target }: KeyboardEvent): boolean {
  const takes = target instanceof HTMLElement && target.dataset.scan === 'take'
  return takes || document.querySelector('[data-scan=off]') !== null
}

// React hears of a change only through the field's own setter and an event.
function writeField(field: HTMLInputElement, value: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
