import { Link } from '@tanstack/react-router'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { History } from 'lucide-react'
import { useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'

/** To the drawer of a session as it was, from its end on. Not for who may not see what a drawer should hold. */
export function RewindLink({ session }: { readonly session: Session }) {
  const t = useText()
  const may = useMay()
  if (!may('till.expected')) return null
  const at = session.close?.closedAt as Instant | undefined
  return (
    <Link
      to="/rewind"
      search={{ till: session.tillId, ...(at !== undefined && { at }) }}
      className="inline-flex min-h-9 items-center gap-2 rounded-md border border-line-strong/60 px-3 text-body font-medium text-ink no-underline hover:bg-hover"
    >
      <History aria-hidden="true" size={16} />
      {t('rewind.open')}
    </Link>
  )
}
