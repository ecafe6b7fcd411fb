import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { findByCode, searchProducts } from '@tillkeeper/core/catalogue/search-products.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { hearAck } from '../app/record-act.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { returnByMachine } from '../machine/ask-machine.ts'
import { MachineChoice } from '../machine/machine-method.tsx'
import { LineDialog } from '../sale/line-dialog.tsx'
import { findScanned } from '../sale/list-products.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { takesScans } from '../scan/use-scanner.ts'
import { useRefusal } from '../words/use-refusal.ts'
import { useText } from '../words/use-text.ts'
import { ReasonField } from './reason-field.tsx'
import type { Refund } from './refund-state.ts'
import { refundUnlinked } from './refund-unlinked.ts'
import {
  addReturned,
  isReturnable,
  priceIn,
  type ReturnedLine,
  type Returning,
  repriceReturned,
  returnedTotal,
  stepReturned,
  worthOfReturned,
} from './unlinked-state.ts'

/** Products shown of a search: who looks for a later one types another letter. */
const foundMax = 6
const reasons = ['lost', 'gift', 'damaged'] as const
const methods = ['cash', 'card', 'promptpay', 'bank_transfer'] as const

type Props = {
  readonly refund: Returning
  readonly currency: Currency
  readonly onRefund: (refund: Refund) => void
  readonly onBack: () => void
}

/** Goods come back without a receipt: which, for how much, why, by whose word. */
export function UnlinkedPanel({ refund, currency, onRefund, onBack }: Props) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const say = useRefusal(currency)
  const saving = refund.stage === 'paying'
  const totalMinor = returnedTotal(refund)
  const amount = formatMoney(totalMinor, { currency, language })
  const [asking, setAsking] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const change = (next: Returning) => {
    setRefusal(undefined)
    onRefund(next)
  }
  const pay = async (approval?: HeldApproval) => {
    setAsking(false)
    if (!isReturnable(refund)) return
    const { id, lines, method } = refund
    const ask = { ...{ id, lines, method, approval }, reason: refund.reason.trim() }
    if (method === 'machine') {
      const begun = await returnByMachine(node, currency, ask)
      if (begun.ok) return
      if (begun.refusal.code === 'approval_required') setAsking(true)
      else setRefusal(say(begun.refusal))
      return
    }
    change({ ...refund, stage: 'paying' })
    const made = await refundUnlinked(node, ask)
    if (made.ok) {
      const ack = await hearAck(node, made.value.place)
      return onRefund({ stage: 'done', made: made.value, ack })
    }
    onRefund(refund)
    if (made.refusal.code === 'approval_required') setAsking(true)
    else setRefusal(say(made.refusal))
  }
  useKeys((event) => {
    if (saving) return true
    if (event.key !== 'Enter' || pressesButton(event)) return false
    void pay()
    return true
  })
  return (
    <PanelFrame
      title={t('unlinked.title')}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={!isReturnable(refund)}
          onClick={() => void pay()}
        >
          {saving ? t('pay.saving') : t('refund.pay', { amount })}
        </Button>
      }
    >
      <div className="flex flex-col gap-5 p-5">
        <Goods {...{ refund, currency, saving }} onChange={change} />
        <Why {...{ refund, currency, saving }} onChange={change} />
        <p role="alert" className="m-0 min-h-6 text-small text-danger">
          {refusal}
        </p>
      </div>
      {asking && (
        <ApprovalDialog
          act={{
            ...{ id: refund.id, permission: 'sale.refund_unlinked' },
            ...{ amountMinor: totalMinor, currency },
          }}
          what={t('unlinked.what', { amount })}
          onApproved={(held) => void pay(held)}
          onClose={() => setAsking(false)}
        />
      )}
    </PanelFrame>
  )
}

type WithCurrency = { readonly currency: Currency }

type PartProps = {
  readonly refund: Returning
  readonly saving: boolean
  readonly onChange: (refund: Returning) => void
}

/** What comes back: found by name, code or scan, each with its number and its price. */
function Goods({ refund, currency, saving, onChange }: PartProps & WithCurrency) {
  const { byId } = useTill((state) => state.directory)
  const [pricing, setPricing] = useState<ReturnedLine>()
  return (
    <div>
      <Search {...{ refund, currency, saving, onChange }} />
      <ul
        className={joinClasses(
          'm-0 mt-3 list-none p-0',
          refund.lines.length > 0 && 'border-t border-line',
        )}
      >
        {refund.lines.map((line) => (
          <Row
            key={line.productId}
            {...{ line, currency, saving }}
            name={byId.get(line.productId)?.name ?? line.productId}
            onPrice={() => setPricing(line)}
            onStep={(by) => onChange(stepReturned(refund, line.productId, by))}
          />
        ))}
      </ul>
      {pricing !== undefined && (
        <PriceDialog
          {...{ currency }}
          line={pricing}
          onPrice={(price) => onChange(repriceReturned(refund, pricing.productId, price))}
          onClose={() => setPricing(undefined)}
        />
      )}
    </div>
  )
}

function Search({ refund, currency, saving, onChange }: PartProps & WithCurrency) {
  const t = useText()
  const directory = useTill((state) => state.directory)
  const { products } = directory
  const typed = refund.typed.trim()
  const found = typed === '' ? [] : searchProducts(products, typed, foundMax)
  // A whole code or barcode, of what is no longer sold too; else what the search has left.
  const enter = () => {
    const exact = findScanned(directory, typed) ?? findByCode(products, typed)
    const product = exact ?? (found.length === 1 ? found[0] : undefined)
    if (product !== undefined) onChange(addReturned(refund, product, currency))
  }
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          enter()
        }}
      >
        <Field
          {...takesScans}
          size="touch"
          label={t('unlinked.search')}
          hint={refund.lines.length === 0 && typed === '' ? t('unlinked.intro') : ''}
          value={refund.typed}
          maxLength={80}
          disabled={saving}
          autoFocus
          autoComplete="off"
          // Enter in the search takes the product, and pays nothing.
          onKeyDown={(event) => event.key === 'Enter' && typed !== '' && event.stopPropagation()}
          onChange={(event) => onChange({ ...refund, typed: event.target.value })}
        />
      </form>
      {typed !== '' && (
        <ul className="m-0 list-none border-x border-b border-line p-0">
          {found.map((product) => (
            <li key={product.id}>
              <button
                type="button"
                className="flex min-h-12 w-full items-center gap-4 px-3 text-left text-small hover:bg-hover"
                onClick={() => onChange(addReturned(refund, product, currency))}
              >
                <span className="min-w-0 flex-1 truncate font-medium">{product.name}</span>
                <span className="text-ink-soft">{product.code}</span>
                <MoneyText amount={priceIn(product, currency)} currency={currency} unit="hide" />
              </button>
            </li>
          ))}
          {found.length === 0 && (
            <li className="px-3 py-3 text-small text-ink-soft">{t('unlinked.none')}</li>
          )}
        </ul>
      )}
    </>
  )
}

function Row({
  line,
  name,
  currency,
  saving,
  onPrice,
  onStep,
}: WithCurrency & {
  readonly line: ReturnedLine
  readonly name: string
  readonly saving: boolean
  readonly onPrice: () => void
  readonly onStep: (by: 1 | -1) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  return (
    <li
      data-returned={line.productId}
      className="flex items-center gap-3 border-b border-line py-2"
    >
      <span className="min-w-0 flex-1 text-small font-medium wrap-anywhere">{name}</span>
      <Button
        size="touch"
        aria-label={`${t('unlinked.price')}: ${name}`}
        disabled={saving}
        onClick={onPrice}
      >
        <MoneyText amount={line.unitPriceMinor} currency={currency} unit="hide" />
      </Button>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={`${t('cart.less')}: ${name}`}
        disabled={saving}
        onClick={() => onStep(-1)}
      >
        <Minus aria-hidden="true" size={20} />
      </Button>
      <output className="w-8 text-center text-body font-semibold" aria-label={name}>
        {formatQuantity(line.quantity, language)}
      </output>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={`${t('cart.more')}: ${name}`}
        disabled={saving}
        onClick={() => onStep(1)}
      >
        <Plus aria-hidden="true" size={20} />
      </Button>
      <span className="w-24 text-right text-small font-semibold">
        <MoneyText amount={worthOfReturned(line)} currency={currency} unit="hide" />
      </span>
    </li>
  )
}

function PriceDialog({
  line,
  currency,
  onPrice,
  onClose,
}: WithCurrency & {
  readonly line: ReturnedLine
  readonly onPrice: (price: Minor) => void
  readonly onClose: () => void
}) {
  const product = useTill(({ directory }) => directory.byId.get(line.productId))
  const listed = product === undefined ? line.unitPriceMinor : priceIn(product, currency)
  return (
    <LineDialog
      name={product?.name ?? ''}
      fullMinor={line.unitPriceMinor}
      unitMinor={listed}
      ways={['price']}
      currency={currency}
      onDiscount={() => undefined}
      onPrice={(price) => onPrice(price ?? listed)}
      onClose={onClose}
    />
  )
}

/** Why, and how it is paid back. */
function Why({ refund, currency, saving, onChange }: PartProps & WithCurrency) {
  const t = useText()
  return (
    <>
      <div className="flex flex-col gap-2">
        <ReasonField
          reason={refund.reason}
          usual={reasons.map((reason) => t(`unlinked.reasons.${reason}`))}
          saving={saving}
          onChange={(reason) => onChange({ ...refund, reason })}
        />
      </div>
      <fieldset className="m-0 border-0 p-0">
        <legend className="mb-1 p-0 text-small font-medium text-ink-soft">
          {t('refund.method')}
        </legend>
        <div className="flex flex-wrap gap-2">
          {methods.map((method) => (
            <button
              key={method}
              type="button"
              aria-pressed={refund.method === method}
              disabled={saving}
              onClick={() => onChange({ ...refund, method })}
              className={joinClasses(
                'min-h-12 rounded-md border-2 px-4 text-small font-medium',
                refund.method === method
                  ? 'border-accent bg-accent-soft text-accent'
                  : 'border-line hover:bg-hover',
              )}
            >
              {t(`pay.${method}`)}
            </button>
          ))}
          <MachineChoice
            currency={currency}
            chosen={refund.method === 'machine'}
            disabled={saving}
            onChoose={() => onChange({ ...refund, method: 'machine' })}
          />
        </div>
      </fieldset>
    </>
  )
}
