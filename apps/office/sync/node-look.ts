import type { NodeHealth } from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import type { OfficeKey } from '../messages/en.ts'

const looks: Readonly<
  Record<NodeHealth['state'], { readonly tone: Tone; readonly text: OfficeKey }>
> = {
  well: { tone: 'good', text: 'sync.node.well' },
  behind: { tone: 'idle', text: 'sync.node.behind' },
  away: { tone: 'idle', text: 'sync.node.away' },
  attention: { tone: 'warn', text: 'sync.node.attention' },
  alarm: { tone: 'danger', text: 'sync.node.alarm' },
}

/** How a node fares, as a dot and a word. */
export function describeNode(state: NodeHealth['state']) {
  return looks[state]
}

const units = [
  { text: 'age.days', seconds: 86_400 },
  { text: 'age.hours', seconds: 3_600 },
  { text: 'age.minutes', seconds: 60 },
] as const satisfies readonly { readonly text: OfficeKey; readonly seconds: number }[]

/** An age in its largest whole unit: for how long something waits, minutes say enough. */
export function describeAge(seconds: number): { readonly text: OfficeKey; readonly count: number } {
  const unit = units.find((one) => seconds >= one.seconds)
  if (unit === undefined) return { text: 'age.seconds', count: Math.round(seconds) }
  return { text: unit.text, count: Math.floor(seconds / unit.seconds) }
}

/** A clock's difference with its sign, in seconds; below a tenth there is nothing to say. */
export function formatOffset(offsetMs: number): string {
  const tenths = Math.round(offsetMs / 100)
  if (tenths === 0) return '±0 s'
  const sign = tenths < 0 ? '\u2212' : '+'
  const off = Math.abs(tenths)
  const seconds = Math.floor(off / 10)
  return off >= 100 ? `${sign}${seconds} s` : `${sign}${seconds}.${off % 10} s`
}
