import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor, mulDivFloor } from '@tillkeeper/core/money/money.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import type { RemainingLine } from '@tillkeeper/core/refund/refund-sale.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { getShop, makeId, may } from '../app/node.ts'
import { hearAck } from '../app/record-act.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { refundByMachine } from '../machine/ask-machine.ts'
import { MachineChoice } from '../machine/machine-method.tsx'
import { viewDocument } from '../receipt/document.ts'
import { ReceiptPaper } from '../receipt/receipt-paper.tsx'
import { printPaper } from '../receipt/reprint.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { findSale } from './find-sale.ts'
import { ReasonField } from './reason-field.tsx'
import { currenciesBack, planPayBack, refundSale } from './refund-sale.ts'
import {
  type Choosing,
  chooseAll,
  chosenLines,
  isComplete,
  onFound,
  onRefunded,
  openRefund,
  type Refund,
  startRefunding,
  stepLine,
  typeReceiptNumber,
} from './refund-state.ts'
import { UnlinkedPanel } from './unlinked-panel.tsx'
import { startReturning } from './unlinked-state.ts'

type Props = {
  readonly refund: Refund
  readonly currency: Currency
  readonly onRefund: (refund: Refund) => void
  readonly onBack: () => void
}

/** Goods of a sale come back: find the sale, choose what comes back, say why, pay. */
export function RefundPanel(props: Props) {
  const { refund, onRefund, onBack } = props
  const t = useText()
  const node = useNode()
  if (!may(node, 'sale.refund')) {
    return (
      <PanelFrame title={t('refund.title')} onBack={onBack}>
        <p className="p-5 text-body">{t('refund.forbidden')}</p>
      </PanelFrame>
    )
  }
  switch (refund.stage) {
    case 'asking':
    case 'looking':
      return <Ask {...props} refund={refund} />
    case 'choosing':
      return <Choose {...props} refund={refund} saving={false} />
    case 'saving':
      return <Choose {...props} refund={{ ...refund, stage: 'choosing' }} saving />
    case 'returning':
    case 'paying':
      return <UnlinkedPanel {...props} refund={refund} />
    case 'done':
      return <Done {...props} refund={refund} onAgain={() => onRefund(openRefund)} />
  }
}

function Ask({
  refund,
  onRefund,
  onBack,
}: Props & { readonly refund: Extract<Refund, { stage: 'asking' | 'looking' }> }) {
  const t = useText()
  const node = useNode()
  const looking = refund.stage === 'looking'
  const find = async () => {
    if (looking || refund.typed.trim() === '') return
    onRefund({ stage: 'looking', typed: refund.typed })
    onRefund(onFound(refund.typed, await findSale(node, refund.typed), makeId(node.nowMs())))
  }
  return (
    <PanelFrame title={t('refund.title')} onBack={onBack}>
      <form
        className="flex max-w-xl items-start gap-2 p-5"
        onSubmit={(event) => {
          event.preventDefault()
          void find()
        }}
      >
        <div className="flex-1">
          <Field
            size="touch"
            label={t('refund.ask')}
            hint={t('refund.hint')}
            error={
              refund.stage === 'asking' && refund.answer !== undefined
                ? t(`refund.${refund.answer}`)
                : undefined
            }
            value={refund.typed}
            disabled={looking}
            data-scan="take"
            autoFocus
            onChange={(event) => onRefund(typeReceiptNumber(event.target.value))}
          />
        </div>
        <Button
          type="submit"
          size="touch"
          look="primary"
          shortcut="Enter"
          className="mt-7"
          disabled={looking || refund.typed.trim() === ''}
        >
          {looking ? t('refund.looking') : t('refund.find')}
        </Button>
      </form>
      <div className="flex flex-col items-start gap-2 border-t border-line p-5">
        <p className="m-0 text-small text-ink-soft">{t('unlinked.ask')}</p>
        <Button
          size="touch"
          disabled={looking}
          onClick={() => onRefund(startReturning(makeId(node.nowMs())))}
        >
          {t('unlinked.title')}
        </Button>
      </div>
    </PanelFrame>
  )
}

const reasons = ['damaged', 'mistake', 'unwanted'] as const

function Choose({
  refund,
  saving,
  currency,
  onRefund,
  onBack,
}: Props & { readonly refund: Choosing; readonly saving: boolean }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const { sale } = refund
  const totalMinor = worthOf(refund)
  const [asking, setAsking] = useState(false)
  const pay = async (approval?: HeldApproval) => {
    setAsking(false)
    const next = startRefunding(refund)
    if (saving || !isComplete(refund) || next.stage !== 'saving') return
    const ask = {
      ...{ id: refund.id, sale, lines: chosenLines(refund), approval },
      ...{ method: refund.method, currency: refund.currency, reason: refund.reason.trim() },
    }
    if (refund.method === 'machine') {
      // Begun, the machine stands before this panel; what is shown here is where it comes back to.
      const begun = await refundByMachine(node, currency, ask)
      if (begun.ok) return
      const { code } = begun.refusal
      if (code === 'approval_required') setAsking(true)
      else onRefund({ ...refund, refusal: code })
      return
    }
    onRefund(next)
    const made = await refundSale(node, ask)
    if (!made.ok && made.refusal.code === 'approval_required') {
      onRefund(refund)
      setAsking(true)
      return
    }
    const ack = made.ok ? await hearAck(node, made.value.place) : 'not_yet'
    onRefund(onRefunded(next, made, ack))
  }
  useKeys((event) => {
    if (saving) return true
    if (event.key !== 'Enter' || pressesButton(event)) return false
    void pay()
    return true
  })
  return (
    <PanelFrame
      title={sale.receiptNumber}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={saving || !isComplete(refund)}
          onClick={() => void pay()}
        >
          {saving
            ? t('pay.saving')
            : t('refund.pay', { amount: formatMoney(totalMinor, { currency, language }) })}
        </Button>
      }
    >
      <div className="p-5">
        <p className="m-0 flex flex-wrap items-center justify-between gap-2 text-small text-ink-soft">
          <span>
            <DateText instant={sale.occurredAt} timeZone={getShop(node).timeZone} />
            {' · '}
            {t('refund.soldBy', { name: sale.staffName })}
            {' · '}
            <MoneyText amount={sale.totalMinor} currency={currency} />
          </span>
          <Button size="touch" disabled={saving} onClick={() => onRefund(chooseAll(refund))}>
            {t('refund.all')}
          </Button>
        </p>
        {sale.checked === 'here_only' && (
          <p className="mt-2 mb-0 text-small text-warn">{t('refund.hereOnly')}</p>
        )}
        <ul className="m-0 mt-3 list-none border-t border-line p-0">
          {refund.remaining.map((line) => (
            <Line
              key={line.line.lineNo}
              line={line}
              chosen={refund.chosen.get(line.line.lineNo) ?? 0}
              currency={currency}
              disabled={saving}
              onStep={(by) => onRefund(stepLine(refund, line.line.lineNo, by))}
            />
          ))}
        </ul>
        <WhyAndHow refund={refund} saving={saving} currency={currency} onRefund={onRefund} />
        <p role="alert" className="my-3 min-h-6 text-small text-danger">
          {refund.refusal !== undefined && t(refusalKey(refund.refusal), { code: refund.refusal })}
        </p>
      </div>
      {asking && (
        <ApprovalDialog
          act={{
            ...{ id: refund.id, permission: 'sale.refund', amountMinor: totalMinor },
            currency: sale.currency,
          }}
          what={t('approval.refund', { amount: formatMoney(totalMinor, { currency, language }) })}
          onApproved={(held) => void pay(held)}
          onClose={() => setAsking(false)}
        />
      )}
    </PanelFrame>
  )
}

function WhyAndHow({
  refund,
  saving,
  currency: own,
  onRefund,
}: {
  readonly refund: Choosing
  readonly saving: boolean
  readonly currency: Currency
  readonly onRefund: (refund: Refund) => void
}) {
  const t = useText()
  const isChosen = (method: TenderMethod) =>
    refund.method === method && refund.currency === undefined
  return (
    <>
      <div className="mt-5 flex flex-col gap-2">
        <ReasonField
          reason={refund.reason}
          usual={reasons.map((reason) => t(`refund.reasons.${reason}`))}
          saving={saving}
          onChange={(reason) => onRefund({ ...refund, reason })}
        />
      </div>
      <fieldset aria-label={t('refund.method')} className="m-0 mt-5 border-0 p-0">
        <legend className="mb-1 p-0 text-small font-medium text-ink-soft">
          {t('refund.method')}
        </legend>
        <div className="flex flex-wrap gap-2">
          {(['cash', 'card', 'promptpay', 'bank_transfer'] as const).map((method) => (
            <button
              key={method}
              type="button"
              aria-pressed={isChosen(method)}
              disabled={saving}
              onClick={() => onRefund({ ...refund, method, currency: undefined })}
              className={choiceClasses(isChosen(method))}
            >
              {t(`pay.${method}`)}
            </button>
          ))}
          {currenciesBack(refund.sale).map((currency) => (
            <button
              key={currency}
              type="button"
              aria-pressed={refund.currency === currency}
              disabled={saving}
              onClick={() => onRefund({ ...refund, method: 'cash', currency })}
              className={choiceClasses(refund.currency === currency)}
            >
              {t('pay.cashIn', { currency })}
            </button>
          ))}
          <MachineChoice
            currency={own}
            chosen={refund.method === 'machine'}
            disabled={saving}
            onChoose={() => onRefund({ ...refund, method: 'machine', currency: undefined })}
          />
        </div>
      </fieldset>
    </>
  )
}

function choiceClasses(chosen: boolean): string {
  return joinClasses(
    'min-h-12 rounded-md border-2 px-4 text-small font-medium',
    chosen ? 'border-accent bg-accent-soft text-accent' : 'border-line hover:bg-hover',
  )
}

// What core will pay back, line by line: each line's cumulative share.
function worthOf({ remaining, chosen }: Choosing) {
  const parts = remaining.map(({ line, refundedQuantity, refundedMinor }) => {
    const quantity = chosen.get(line.lineNo) ?? 0
    if (quantity === 0) return 0
    const due = mulDivFloor(line.totalMinor, refundedQuantity + quantity, line.quantity)
    return Math.max(0, due - refundedMinor)
  })
  return minor(parts.reduce((all, part) => all + part, 0))
}

function Line({
  line: { line, remaining },
  chosen,
  currency,
  disabled,
  onStep,
}: {
  readonly line: RemainingLine
  readonly chosen: number
  readonly currency: Currency
  readonly disabled: boolean
  readonly onStep: (by: 1 | -1) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const left =
    remaining === 0
      ? t('refund.nothingLeft')
      : t('refund.left', { quantity: formatQuantity(remaining, language) })
  return (
    <li
      className={joinClasses(
        'flex items-center gap-3 border-b border-line py-2 pl-2',
        chosen > 0 && 'bg-accent-soft',
      )}
    >
      <span className="min-w-0 flex-1 text-small">
        <span className="block wrap-anywhere font-medium">{line.name}</span>
        <span className="block text-ink-soft">
          <MoneyText amount={line.totalMinor} currency={currency} unit="hide" /> · {left}
        </span>
      </span>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={`${t('cart.less')}: ${line.name}`}
        disabled={disabled || chosen === 0}
        onClick={() => onStep(-1)}
      >
        <Minus aria-hidden="true" size={20} />
      </Button>
      <output className="w-12 text-center text-body font-semibold" aria-label={line.name}>
        {formatQuantity(chosen, language)}
      </output>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={`${t('cart.more')}: ${line.name}`}
        disabled={disabled || chosen >= remaining}
        onClick={() => onStep(1)}
      >
        <Plus aria-hidden="true" size={20} />
      </Button>
    </li>
  )
}

function Done({
  refund,
  currency,
  onBack,
  onAgain,
}: Props & {
  readonly refund: Extract<Refund, { stage: 'done' }>
  readonly onAgain: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const { document } = refund.made
  const offline = refund.ack === 'not_yet'
  const text = receiptText(viewDocument(document, getShop(node)), { language, offline })
  // Each currency that goes back, as it is handed over.
  const back = document.body.tenders.map(({ method, amountMinor, foreign }) => ({
    cash: method === 'cash',
    currency: foreign?.currency ?? currency,
    amount: foreign?.givenMinor ?? amountMinor,
  }))
  const byMachine = document.body.tenders.some(({ method }) => method === 'machine')
  const [failed, setFailed] = useState(false)
  const print = async () => setFailed(!(await printPaper(node, document, { language, offline })).ok)
  useKeys((event) => {
    if (event.key === 'F10') void print()
    else if (event.key === 'Enter' && !pressesButton(event)) onBack()
    else return false
    return true
  })
  return (
    <PanelFrame
      title={t('refund.done')}
      onBack={onBack}
      foot={
        <>
          <Button size="pay" onClick={onAgain}>
            {t('refund.again')}
          </Button>
          <Button size="pay" shortcut="F10" onClick={() => void print()}>
            {t('paid.print')}
          </Button>
          <Button size="pay" look="primary" shortcut="Enter" onClick={onBack}>
            {t('closed.done')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-6 p-5 max-[1100px]:grid-cols-1">
        <div>
          <p className="m-0 text-small text-ink-soft">
            {t(byMachine ? 'machine.cameOut' : 'refund.handOver')}
          </p>
          <div data-refunded={document.body.totalMinor}>
            {back.map((part) => (
              <div key={part.currency}>
                <p className="m-0 text-[4rem] leading-tight font-semibold">
                  <MoneyText amount={part.amount} currency={part.currency} />
                </p>
                {part.cash && (
                  <DenominationChips
                    pieces={planPayBack(part.amount, part.currency) ?? []}
                    currency={part.currency}
                  />
                )}
              </div>
            ))}
          </div>
          <p className="mt-4 text-small text-ink-soft">{document.receiptNumber}</p>
          <p className={`text-small font-medium ${offline ? 'text-warn' : 'text-good'}`}>
            {offline ? t('paid.offline') : t('paid.sent')}
          </p>
          <p role="alert" className="mt-2 mb-0 text-small text-danger empty:hidden">
            {failed && t('copy.notSaved')}
          </p>
        </div>
        <ReceiptPaper
          text={text}
          className="w-fit self-start rounded-sm border border-line bg-surface px-5 py-4"
        />
      </div>
    </PanelFrame>
  )
}
