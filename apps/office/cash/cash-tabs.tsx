import { Link } from '@tanstack/react-router'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { useMay } from '../api/clients.tsx'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'

type Tab = {
  readonly to: '/cash' | '/cash/safe' | '/cash/deposits' | '/cash/change' | '/cash/funds'
  readonly name: OfficeKey
  readonly permission: Permission
}

const tabs: readonly Tab[] = [
  { to: '/cash', name: 'safe.tab.places', permission: 'report.read' },
  { to: '/cash/safe', name: 'safe.tab.safe', permission: 'safe.read' },
  { to: '/cash/deposits', name: 'safe.tab.deposits', permission: 'safe.read' },
  { to: '/cash/change', name: 'safe.tab.change', permission: 'safe.read' },
  { to: '/cash/funds', name: 'safe.tab.funds', permission: 'safe.read' },
]

/** The screens of cash, under one heading. */
export function CashTabs() {
  const t = useText()
  const may = useMay()
  return (
    <nav
      aria-label={t('safe.tabs')}
      data-print="hide"
      className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-3 sm:px-4"
    >
      {tabs
        .filter(({ permission }) => may(permission))
        .map(({ to, name }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true, includeSearch: false }}
            className="-mb-px inline-flex min-h-11 items-center border-b-2 border-transparent px-2 text-small whitespace-nowrap text-ink-soft no-underline hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
          >
            {t(name)}
          </Link>
        ))}
    </nav>
  )
}
