import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import {
  Banknote,
  ChartNoAxesCombined,
  Croissant,
  Files,
  HandCoins,
  Inbox,
  type LucideIcon,
  Moon,
  ReceiptText,
  RefreshCw,
  ScrollText,
  Server,
  Settings,
  TriangleAlert,
  Users,
} from 'lucide-react'
import type { OfficeKey } from '../messages/en.ts'

export type PagePath =
  | '/'
  | '/sales'
  | '/receipts'
  | '/tills'
  | '/evening'
  | '/cash'
  | '/machines'
  | '/expenses'
  | '/products'
  | '/reports'
  | '/people'
  | '/attention'
  | '/sync'
  | '/settings'

export type Page = {
  readonly path: PagePath
  readonly name: OfficeKey
  readonly icon: LucideIcon
  /** Without it the page is not offered, and says so when it is opened by its address. */
  readonly permission: Permission | undefined
}

/** The screens of the office, in the order of the rail. */
export const pages: readonly Page[] = [
  { path: '/', name: 'page.today', icon: ChartNoAxesCombined, permission: 'report.read' },
  { path: '/sales', name: 'page.sales', icon: ReceiptText, permission: 'sale.read' },
  { path: '/receipts', name: 'page.receipts', icon: Files, permission: 'sale.read' },
  { path: '/tills', name: 'page.tills', icon: Inbox, permission: 'till.read' },
  { path: '/evening', name: 'page.evening', icon: Moon, permission: 'report.read' },
  { path: '/cash', name: 'page.cash', icon: Banknote, permission: 'report.read' },
  { path: '/machines', name: 'page.machines', icon: Server, permission: 'till.read' },
  { path: '/expenses', name: 'page.expenses', icon: HandCoins, permission: 'expense.request' },
  { path: '/products', name: 'page.products', icon: Croissant, permission: 'product.read' },
  { path: '/people', name: 'page.people', icon: Users, permission: 'staff.read' },
  { path: '/reports', name: 'page.reports', icon: ScrollText, permission: 'report.read' },
  {
    path: '/attention',
    name: 'page.attention',
    icon: TriangleAlert,
    permission: 'sync.resolve',
  },
  { path: '/sync', name: 'page.sync', icon: RefreshCw, permission: 'sync.read' },
  { path: '/settings', name: 'page.settings', icon: Settings, permission: undefined },
]
