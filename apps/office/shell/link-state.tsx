import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useClients, useLive, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { describeLink } from './describe-link.ts'

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
  const place = tone === 'good' ? '' : 'max-sm:order-last max-sm:basis-full'
  if (!may('sync.read')) return <span className={joinClasses('px-2 text-small', place)}>{dot}</span>
  return (
    <Link
      to="/sync"
      className={joinClasses(
        'rounded-md px-2 py-1.5 text-small text-ink no-underline hover:bg-hover',
        place,
      )}
    >
      {dot}
    </Link>
  )
}
