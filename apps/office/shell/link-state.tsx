import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import { StatusDot, type Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { useClients, useLive, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import type { LiveLink } from '../live/live-state.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'

/** How fresh the screen is, and what still waits to be sent; always in sight. */
export function LinkState() {
  const t = useText()
  const { api } = useClients()
  const may = useMay()
  const { link } = useLive()
  const sync = useQuery({ ...queries(api).sync(), enabled: may('sync.read') }).data
  const { tone, text, count } = describeLink(link, sync)
  // On a phone the dot alone says that all is well; anything else has its words under the bar.
  const dot = (
    <span className={tone === 'good' ? 'max-sm:[&>span]:text-[0px]' : undefined}>
      <StatusDot tone={tone} text={t(text, { count })} />
    </span>
  )
  if (!may('sync.read')) return <span className="px-2 text-small">{dot}</span>
  return (
    <Link
      to="/sync"
      className="rounded-md px-2 py-1.5 text-small text-ink no-underline hover:bg-hover"
    >
      {dot}
    </Link>
  )
}

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
