import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { ReceiptPaper } from './receipt-paper.tsx'

/** Prints a receipt or a report through the browser; nothing of the screen goes with it. */
export function printText(text: string): void {
  const place = document.getElementById('print-root') ?? addPlace()
  const root = createRoot(place)
  flushSync(() => root.render(<ReceiptPaper text={text} />))
  window.print()
  root.unmount()
}

function addPlace(): HTMLElement {
  const place = document.createElement('div')
  place.id = 'print-root'
  document.body.append(place)
  return place
}
