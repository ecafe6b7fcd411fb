import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import type { LiveLink } from '../live/live-state.ts'
import type { OfficeKey } from '../messages/en.ts'

/** The worst of what is known, in a few words. Being offline is normal in a shop: it is no alarm. */
export function describeLink(
  link: LiveLink,
  sync: Pick<SyncStatus, 'linkUp' | 'unacknowledged' | 'parked'> | undefined,
): { readonly tone: Tone; readonly text: OfficeKey; readonly count: number } {
  const count = sync?.unacknowledged ?? 0
  if (link === 'down') return { tone: 'warn', text: 'link.down', count }
  if (link === 'connecting') return { tone: 'idle', text: 'link.connecting', count }
  if (sync !== undefined && sync.parked > 0) {
    return { tone: 'warn', text: 'link.parked', count: sync.parked }
  }
  if (sync !== undefined && !sync.linkUp) return { tone: 'idle', text: 'link.offline', count }
  if (count > 0) return { tone: 'idle', text: 'link.sending', count }
  if (link === 'off') return { tone: 'idle', text: 'link.off', count }
  return { tone: 'good', text: 'link.up', count }
}
