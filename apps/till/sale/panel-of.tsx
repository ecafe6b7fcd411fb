import { getCurrency, may } from '../app/node.ts'
import { useNode } from '../app/use-till.ts'
import { HandOverPanel } from '../drawer/hand-over-panel.tsx'
import { NoSalePanel } from '../drawer/no-sale-panel.tsx'
import { SwapPanel } from '../drawer/swap-panel.tsx'
import { ExpensePanel } from '../expense/expense-panel.tsx'
import { FundPanel } from '../fund/fund-panel.tsx'
import { UnsentPanel } from '../link/unsent-panel.tsx'
import { MachineDone } from '../machine/machine-done.tsx'
import { MachinePanel } from '../machine/machine-panel.tsx'
import type { MachineRecord } from '../machine/machine-record.ts'
import { HistoryPanel, ReceiptPanel } from '../receipt/history-panel.tsx'
import { RefundPanel } from '../refund/refund-panel.tsx'
import { VoidPanel } from '../refund/void-panel.tsx'
import { CashPanel } from '../till/cash-panel.tsx'
import { CyclePanel } from '../till/cycle-panel.tsx'
import { ReportPanel } from '../till/report-panel.tsx'
import { SessionPanel } from '../till/session-panel.tsx'
import { HeldPanel } from './held-panel.tsx'
import { type MenuChoice, MenuPanel } from './menu-panel.tsx'
import { PaidPanel } from './paid-panel.tsx'
import { PayPanel } from './pay-panel.tsx'
import type { Confirmed, Pay } from './pay-state.ts'
import { ProductsPanel } from './products-panel.tsx'
import { changePanel, type Panel, type SaleScreen as Screen } from './sale-state.ts'

type PanelProps = {
  readonly screen: Screen
  readonly setScreen: (change: (screen: Screen) => Screen) => void
  readonly show: (panel: Panel) => void
  readonly back: () => void
  readonly take: (productId: string) => void
  readonly takeScan: (text: string) => void
  readonly choose: (choice: MenuChoice) => void
  readonly hold: () => void
  readonly confirm: (pay: Pay, confirmed: Confirmed) => Promise<void>
  readonly changePay: (pay: Pay) => void
  readonly onClose: (sessionId?: string) => void
  readonly onHandOver: () => void
  readonly onMachineLeft: (record: MachineRecord, how: 'leave' | 'aside') => void
}

/** What stands beside the cart: what is sold and how it was paid first, the drawer's own after it. */
export function PanelOf(props: PanelProps) {
  const { screen, setScreen, show, back } = props
  const node = useNode()
  const currency = getCurrency(node)
  const { panel } = screen
  switch (panel.at) {
    case 'products':
      return (
        <ProductsPanel
          screen={screen}
          onCategory={(category) => setScreen((held) => ({ ...held, category }))}
          onTake={(product) => props.take(product.id)}
          onHold={props.hold}
          onHeld={() => show({ at: 'held' })}
          onHistory={() => show({ at: 'history' })}
          onMenu={() => show({ at: 'menu' })}
        />
      )
    case 'pay':
      return (
        <PayPanel
          pay={panel.pay}
          currency={currency}
          onPay={props.changePay}
          onConfirm={(confirmed) => void props.confirm(panel.pay, confirmed)}
          onBack={back}
        />
      )
    case 'paid':
      return <PaidPanel paid={panel.paid} currency={currency} onNext={back} />
    case 'held':
      return <HeldPanel currency={currency} onBack={back} />
    case 'refund':
      return (
        <RefundPanel
          refund={panel.refund}
          currency={currency}
          onRefund={(refund) => setScreen((held) => changePanel(held, { at: 'refund', refund }))}
          onBack={back}
        />
      )
    case 'history':
      return <HistoryPanel onOpen={(document) => show({ at: 'receipt', document })} onBack={back} />
    case 'receipt':
      return (
        <ReceiptPanel
          {...{ document: panel.document, fresh: panel.fresh === true }}
          onBack={back}
          onRefund={
            may(node, 'sale.refund')
              ? (typed) => show({ at: 'refund', refund: { stage: 'asking', typed } })
              : undefined
          }
          onVoid={may(node, 'sale.refund') ? (sale) => show({ at: 'void', sale }) : undefined}
        />
      )
    case 'void':
      return (
        <VoidPanel
          sale={panel.sale}
          onVoided={(document) => show({ at: 'receipt', document, fresh: true })}
          onBack={() => show({ at: 'receipt', document: panel.sale })}
        />
      )
    default:
      return <DrawerPanel panel={panel} {...props} />
  }
}

type SalePanelName =
  | 'products'
  | 'pay'
  | 'paid'
  | 'held'
  | 'refund'
  | 'history'
  | 'receipt'
  | 'void'

/** What is about a cash machine, the drawer and its session, and not about a sale. */
function DrawerPanel({
  panel,
  show,
  back,
  ...props
}: PanelProps & { readonly panel: Exclude<Panel, { readonly at: SalePanelName }> }) {
  const currency = getCurrency(useNode())
  switch (panel.at) {
    case 'machine':
      return (
        <MachinePanel
          key={panel.attemptId}
          attemptId={panel.attemptId}
          onLeft={props.onMachineLeft}
        />
      )
    case 'machine_done':
      return <MachineDone record={panel.record} onBack={back} />
    case 'cash':
      return <CashPanel key={panel.kind} kind={panel.kind} currency={currency} onBack={back} />
    case 'swap':
      return <SwapPanel currency={currency} onBack={back} />
    case 'hand_over':
      return <HandOverPanel currency={currency} onBack={back} />
    case 'fund':
      return <FundPanel currency={currency} onBack={back} />
    case 'no_sale':
      return <NoSalePanel onBack={back} />
    case 'expense':
      return <ExpensePanel expenseId={panel.expenseId} onBack={back} />
    case 'session':
      return (
        <SessionPanel
          onHandOver={props.onHandOver}
          onCount={props.onClose}
          onCycle={() => show({ at: 'cycle' })}
          onBack={back}
        />
      )
    case 'cycle':
      return <CyclePanel suggested={panel.suggested} onBack={back} />
    case 'report':
      return <ReportPanel onBack={back} />
    case 'unsent':
      return <UnsentPanel onBack={back} />
    case 'menu':
      return <MenuPanel onChoose={props.choose} onBack={back} />
  }
}
