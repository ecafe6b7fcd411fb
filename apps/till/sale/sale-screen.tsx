import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useEffect, useMemo, useRef, useState } from 'react'
import { getCurrency, getRates, getShop, getTillPlace, makeId, may } from '../app/node.ts'
import { hearAck } from '../app/record-act.ts'
import { TopBar } from '../app/top-bar.tsx'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { LimitLine } from '../drawer/limit-line.tsx'
import { DueStrip } from '../expense/due-strip.tsx'
import { QuietCount } from '../hint/quiet-count.tsx'
import { hasRoom } from '../journal/room.ts'
import { sellByMachine } from '../machine/ask-machine.ts'
import { MachineStrip } from '../machine/machine-strip.tsx'
import { openRefund } from '../refund/refund-state.ts'
import { beep } from '../scan/beep.ts'
import { gapMaxMs } from '../scan/scanner.ts'
import { useScanner } from '../scan/use-scanner.ts'
import { useText } from '../words/use-text.ts'
import {
  addProduct,
  changeQuantity,
  discountLine,
  moveSelection,
  repriceLine,
  selectedLine,
  selectLine,
  undoVoid,
  voidLine,
} from './cart.ts'
import { CartPane } from './cart-pane.tsx'
import { completeSale } from './complete-sale.ts'
import { scanPaceMs, settleEntry, typeEntry } from './entry.ts'
import { holdCart, keepCart } from './keep-cart.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { LineDialog } from './line-dialog.tsx'
import { findScanned } from './list-products.ts'
import type { MenuChoice } from './menu-panel.tsx'
import { PanelOf } from './panel-of.tsx'
import { type Confirmed, failSaving, openPay, type Pay, startSaving } from './pay-state.ts'
import { priceCart } from './price-cart.ts'
import { reprintLast } from './reprint-last.ts'
import {
  changePanel,
  goBack,
  hearScan,
  notify,
  onPaid,
  openPanel,
  openSale,
  type Panel,
  refusePay,
  type SaleScreen as Screen,
  takeWaiting,
} from './sale-state.ts'
import { SearchField } from './search-field.tsx'
import { useMachine } from './use-machine.ts'

/** The screen a cashier works at all day: the cart left, and beside it whatever is needed now. */
export function SaleScreen({
  onLock,
  onClose,
  onHandOver,
}: {
  readonly onLock: () => void
  /** Counts the session of this till, or one that waits for its count. */
  readonly onClose: (sessionId?: string) => void
  readonly onHandOver: () => void
}) {
  const node = useNode()
  const directory = useTill((state) => state.directory)
  const cart = useTill((state) => state.cart)
  const t = useText()
  const [language] = useLanguage()
  const { number } = getTillPlace(node)
  const currency = getCurrency(node)
  const mayPrice = may(node, 'sale.price')
  const [screen, setScreen] = useState<Screen>(openSale)
  const [dialog, setDialog] = useState<'none' | 'keys' | 'line'>('none')
  const search = useRef<HTMLInputElement>(null)
  // Of a sale at other prices: who confirms it, and what waits for that.
  const [asking, setAsking] = useState<{ readonly pay: Pay; readonly confirmed: Confirmed }>()
  const terms = { products: directory.byId, currency }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `terms` is made of what is listed.
  const priced = useMemo(() => priceCart(cart, terms), [cart, directory, currency])

  const take = (productId: string) => {
    keepCart(node, (held) => addProduct(held, productId, screen.entry.quantity))
    setScreen((held) => notify({ ...held, entry: openSale.entry }, undefined))
  }
  const takeScan = (text: string) => {
    const product = findScanned(node.state.getState().directory, text)
    beep(product === undefined ? 'unknown' : 'hit')
    if (product === undefined) {
      setScreen((held) => notify(held, { code: 'unknown_code', text }))
    } else take(product.id)
  }
  useScanner((text) => {
    const heard = hearScan(screen, text)
    setScreen(heard.screen)
    for (const each of heard.take) takeScan(each)
  })
  const { at } = screen.panel
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waited is taken when products come back.
  useEffect(() => {
    const taken = takeWaiting(screen)
    if (taken.take.length === 0) return
    setScreen(taken.screen)
    for (const each of taken.take) takeScan(each)
  }, [at])

  const machine = useMachine(screen.panel, setScreen)
  const show = (panel: Panel) => setScreen((held) => openPanel(held, panel))
  const pay = () => {
    if (cart.lines.length === 0) {
      setScreen((held) => notify(held, { code: 'nothing_to_pay' }))
    } else if (!priced.payable) setScreen((held) => notify(held, { code: 'line_not_sold' }))
    else {
      const dueMinor = priced.totalMinor
      show({ at: 'pay', pay: openPay({ ...payTerms(), dueMinor }) })
      // Known before a hand has reached the drawer.
      void hasRoom(node.db).then((room) => room || setScreen(refusePay))
    }
  }
  const payTerms = () => {
    const nowMs = node.nowMs()
    const rates = getRates(node, new Date(nowMs).toISOString())
    const terms = { currency, rates, rounding: getShop(node).cashRounding }
    return { id: makeId(nowMs), digits: exponentOf(currency), terms }
  }
  const changePay = (next: Pay) => setScreen((held) => changePanel(held, { at: 'pay', pay: next }))
  const confirm = async (pending: Pay, confirmed: Confirmed, approval?: HeldApproval) => {
    setAsking(undefined)
    if (confirmed.is === 'part') changePay(confirmed.pay)
    if (pending.stage === 'saving') return
    const { id, dueMinor: totalMinor } = pending
    if (confirmed.is === 'machine') {
      changePay(startSaving(pending))
      const ask = { id, totalMinor, tenders: pending.tenders, approval }
      const begun = await sellByMachine(node, currency, { ask, dueMinor: confirmed.dueMinor })
      if (begun.ok) return
      const asks = begun.refusal.code === 'approval_required'
      changePay(asks ? pending : failSaving(pending, begun.refusal.code))
      if (asks) setAsking({ pay: pending, confirmed })
      return
    }
    if (confirmed.is !== 'complete') return
    changePay(startSaving(pending))
    const { tenders, change } = confirmed
    const made = await completeSale(node, { id, totalMinor, tenders, change, approval })
    if (!made.ok && made.refusal.code === 'approval_required') {
      changePay(pending)
      setAsking({ pay: pending, confirmed })
      return
    }
    if (!made.ok) {
      // Another rate holds since the panel opened: it is paid anew, by what is shown then.
      const stale = made.refusal.code === 'rate_stale' || made.refusal.code === 'rate_not_found'
      const again = stale ? openPay({ ...payTerms(), id, dueMinor: totalMinor }) : pending
      changePay(failSaving(again, made.refusal.code))
      return
    }
    const ack = await hearAck(node, made.value.place)
    setScreen((held) => onPaid(held, { ...made.value, ack }))
  }
  const hold = () => {
    if (cart.lines.length === 0) show({ at: 'held' })
    else setScreen((held) => notify(held, { code: holdCart(node) }))
  }
  const withoutCart = (go: () => void) => {
    if (cart.lines.length === 0) return go()
    setScreen((held) => notify(openPanel(held, { at: 'products' }), { code: 'cart_first' }))
  }
  // A session does not end while money of it may be moving at a machine.
  const withoutMachine = (go: () => void) => {
    const { attempts } = node.state.getState()
    if (attempts.every(({ record }) => record.stage === 'left')) return go()
    setScreen((held) => notify(openPanel(held, { at: 'products' }), { code: 'machine_first' }))
  }
  const choose = (choice: MenuChoice) => {
    switch (choice) {
      case 'lock':
        return onLock()
      case 'close':
        return withoutCart(() => withoutMachine(onClose))
      case 'keys':
        return setDialog('keys')
      case 'refund':
        return show({ at: 'refund', refund: openRefund })
      case 'history':
      case 'expense':
      case 'session':
      case 'cycle':
      case 'report':
      case 'swap':
      case 'hand_over':
      case 'fund':
      case 'no_sale':
      case 'unsent':
        return show({ at: choice })
      default:
        return show({ at: 'cash', kind: choice })
    }
  }
  const selected = selectedLine(cart)
  const step = (by: 1 | -1) => {
    if (selected === undefined) return
    keepCart(node, (held) => changeQuantity(held, selected.key, selected.quantity + by * 1_000))
  }
  const voidSelected = () => {
    if (selected !== undefined) keepCart(node, (held) => voidLine(held, selected.key))
  }
  const back = () => setScreen(goBack)
  const typedMs = useRef(0)
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined)
  const type = (text: string) => {
    const sinceMs = performance.now() - typedMs.current
    typedMs.current += sinceMs
    if (at !== 'products') show({ at: 'products' })
    setScreen((held) => notify({ ...held, entry: typeEntry(held.entry, text, sinceMs) }, undefined))
    clearTimeout(settle.current)
    settle.current = setTimeout(
      () =>
        setScreen((held) => {
          const entry = settleEntry(held.entry)
          return entry === held.entry ? held : { ...held, entry }
        }),
      gapMaxMs + scanPaceMs,
    )
  }
  const busyPaying = at === 'pay' || at === 'machine'
  // On a phone there is room for the task, or for the cart.
  const isTask = at !== 'products' && at !== 'pay' && at !== 'paid'

  useKeys((event) => {
    const { key } = event
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (key === 'Escape') back()
    else if (key === 'F2') {
      show({ at: 'products' })
      search.current?.focus()
    } else if (key === 'F3') hold()
    else if (key === 'F6' && selected !== undefined && !busyPaying) setDialog('line')
    else if (key === 'F7') show({ at: 'menu' })
    else if (key === 'F8' && !busyPaying) pay()
    else if (key === 'F9' && !busyPaying) pay()
    else if (key === 'F10') void reprintLast(node, screen.last, document.documentElement.lang)
    else if (key === '?' && !(isTyping(event) && screen.entry.text !== '')) setDialog('keys')
    else if (at !== 'products' && at !== 'paid') return false
    else return hearSaleKey(event)
    return true
  })
  // Keys that work on the cart while products stand beside it, and everything that is typed.
  const hearSaleKey = (event: KeyboardEvent): boolean => {
    const { key } = event
    const plain = screen.entry.text === ''
    if (pressesButton(event) && key === ' ') return false
    if (plain && key === '+') step(1)
    else if (plain && key === '-') step(-1)
    else if (key === 'Delete' && plain) voidSelected()
    else if (key === 'PageUp') keepCart(node, (held) => moveSelection(held, -1))
    else if (key === 'PageDown') keepCart(node, (held) => moveSelection(held, 1))
    else {
      // Whatever else is typed is a search, wherever the focus was: the field gets the key itself.
      const types = key.length === 1 || key === 'Backspace' || key === 'Process'
      if (types && !isTyping(event)) {
        if (at === 'paid') show({ at: 'products' })
        search.current?.focus()
      }
      return false
    }
    return true
  }

  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onLock} onUnsent={() => show({ at: 'unsent' })}>
        <div className={isTask ? 'max-[600px]:hidden' : ''}>
          <SearchField
            ref={search}
            entry={screen.entry}
            waiting={screen.waiting.length}
            notice={screen.notice}
            onType={type}
          />
        </div>
      </TopBar>
      {!busyPaying && <MachineStrip onResume={machine.onResume} />}
      {!busyPaying && <DueStrip onSettle={(expenseId) => show({ at: 'expense', expenseId })} />}
      <main
        className={joinClasses(
          'grid min-h-0 flex-1 grid-cols-[minmax(22rem,5fr)_minmax(0,8fr)] max-[900px]:grid-cols-1',
          // Upright the cart is below; a task needs more room than the products do.
          at === 'products'
            ? 'max-[900px]:grid-rows-[minmax(0,1fr)_minmax(0,1fr)]'
            : 'max-[900px]:grid-rows-[minmax(0,1.7fr)_minmax(0,1fr)]',
          isTask && 'max-[600px]:grid-rows-1',
        )}
      >
        <h1 className="sr-only">{t('till.selling', { number })}</h1>
        <div
          className={joinClasses(
            'min-h-0 max-[900px]:order-2 max-[900px]:border-t max-[900px]:border-line',
            isTask && 'max-[600px]:hidden',
          )}
        >
          <CartPane
            cart={cart}
            priced={priced}
            currency={currency}
            mayDiscount={mayPrice}
            last={at === 'paid' ? undefined : screen.last}
            locked={busyPaying}
            actions={{
              onSelect: (key) => keepCart(node, (held) => selectLine(held, key)),
              onStep: step,
              onVoid: voidSelected,
              onUndo: () => keepCart(node, undoVoid),
              onReprice: () => setDialog('line'),
              onPay: pay,
              onShowLast: () =>
                screen.last !== undefined && show({ at: 'paid', paid: screen.last }),
            }}
          />
        </div>
        <div className="flex min-h-0 flex-col bg-canvas">
          {at === 'products' && cart.lines.length === 0 && (
            <QuietCount onCount={(suggested) => show({ at: 'cycle', suggested })} />
          )}
          {at === 'products' && <LimitLine onDrop={() => show({ at: 'cash', kind: 'drop' })} />}
          <div className="min-h-0 flex-1">
            <PanelOf
              {...{
                screen,
                setScreen,
                show,
                back,
                take,
                takeScan,
                choose,
                hold,
                confirm,
                changePay,
                onClose,
              }}
              onHandOver={() => withoutCart(() => withoutMachine(onHandOver))}
              onMachineLeft={machine.onLeft}
            />
          </div>
        </div>
      </main>
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog('none')} />}
      {dialog === 'line' && selected !== undefined && (
        <LineDialog
          name={directory.byId.get(selected.productId)?.name ?? ''}
          fullMinor={minor(fullPrice(priced, selected.key))}
          unitMinor={listPrice(directory.byId.get(selected.productId), currency)}
          ways={mayPrice ? ['discount', 'price'] : ['price']}
          currency={currency}
          onDiscount={(discountMinor) =>
            keepCart(node, (held) => discountLine(held, selected.key, discountMinor))
          }
          onPrice={(unitPriceMinor) =>
            keepCart(node, (held) => repriceLine(held, selected.key, unitPriceMinor))
          }
          onClose={() => setDialog('none')}
        />
      )}
      {asking !== undefined && priced.overrideMinor !== undefined && (
        <ApprovalDialog
          act={{
            ...{ id: asking.pay.id, permission: 'sale.price', currency },
            amountMinor: priced.overrideMinor,
          }}
          what={t('approval.price', {
            amount: formatMoney(priced.overrideMinor, { currency, language }),
          })}
          onApproved={(held) => void confirm(asking.pay, asking.confirmed, held)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </div>
  )
}

function listPrice(product: CatalogueProduct | undefined, currency: Currency): Minor {
  return product?.currency === currency ? product.priceMinor : minor(0)
}

function fullPrice(priced: ReturnType<typeof priceCart>, key: number): number {
  const line = priced.lines.find((each) => each.line.key === key)
  return line?.state === 'priced' ? line.priced.totalMinor + line.priced.discountMinor : 0
}
