import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { CashMovementKind } from '@tillkeeper/core/till/move-cash.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { type KeypadKey, keyOfKeyboard } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useState } from 'react'
import { makeId, may } from '../app/node.ts'
import { isTyping, pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { moveByMachine } from '../machine/ask-machine.ts'
import { FloatView } from '../machine/float-view.tsx'
import { MachineChoice, useMachineHere } from '../machine/machine-method.tsx'
import { PhotoField } from '../photo/photo-field.tsx'
import { PrintPaper } from '../receipt/print-paper.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { AmountPad } from './amount-pad.tsx'
import {
  type CashScreen,
  isComplete,
  onMoved,
  pressCashKey,
  readAmount,
  startCash,
  startMoving,
} from './cash-state.ts'
import { moveCash } from './move-cash.ts'

/** Cash into or out of the drawer that is no sale: an amount, who, and what for. */
export function CashPanel({
  kind,
  currency,
  onBack,
}: {
  readonly kind: CashMovementKind
  readonly currency: Currency
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const digits = exponentOf(currency)
  const [screen, setScreen] = useState<CashScreen>(() => startCash(makeId(node.nowMs()), kind))
  const typing = screen.stage === 'typing'
  const amountMinor = readAmount(screen, digits)
  const [language] = useLanguage()

  const [asking, setAsking] = useState(false)
  const [from, setFrom] = useState<'here' | 'machine'>('here')

  const confirm = async (approval?: HeldApproval) => {
    setAsking(false)
    const next = startMoving(screen, digits)
    if (next.stage !== 'saving' || amountMinor === undefined) return
    setScreen(next)
    const ask = { ...askOf(next), amountMinor, approval }
    if (from === 'machine') {
      const begun = await moveByMachine(node, currency, ask)
      if (begun.ok) return
      const asks = begun.refusal.code === 'approval_required'
      setAsking(asks)
      setScreen({ ...next, stage: 'typing', ...(!asks && { refusal: begun.refusal.code }) })
      return
    }
    const moved = await moveCash(node, ask)
    if (!moved.ok && moved.refusal.code === 'approval_required') {
      setScreen({ ...next, stage: 'typing' })
      setAsking(true)
      return
    }
    setScreen((held) => onMoved(held, moved))
  }
  const press = (key: KeypadKey) => setScreen((held) => pressCashKey(held, key, digits))
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (event.key === 'Enter' && !pressesButton(event)) {
      if (screen.stage === 'done') onBack()
      else void confirm()
      return true
    }
    const key = keyOfKeyboard(event.key)
    if (!typing || isTyping(event) || key === undefined) return false
    press(key)
    return true
  })

  if (!may(node, 'cash.move')) {
    return (
      <PanelFrame title={t(`cash.${kind}`)} onBack={onBack}>
        <p className="p-5 text-body">{t('cash.forbidden')}</p>
      </PanelFrame>
    )
  }
  if (kind === 'top_up' && from === 'machine') {
    return <FloatView id={screen.id} currency={currency} onBack={() => setFrom('here')} />
  }
  if (screen.stage === 'done') {
    return <Moved {...{ id: screen.id, kind, currency, onBack }} amountMinor={screen.amountMinor} />
  }
  return (
    <PanelFrame title={t(`cash.${kind}`)} onBack={onBack}>
      <div className="grid grid-cols-[minmax(0,20rem)_minmax(0,1fr)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <AmountPad entry={screen.entry} digits={digits} disabled={!typing} onKey={press} />
        <div className="flex flex-col gap-4">
          <FromChoice {...{ kind, currency, from }} disabled={!typing} onFrom={setFrom} />
          <CashFields screen={screen} onScreen={setScreen} />
          <p role="alert" className="m-0 min-h-6 text-small text-danger">
            {screen.stage === 'typing' &&
              screen.refusal !== undefined &&
              t(refusalKey(screen.refusal), { code: screen.refusal })}
          </p>
          <Button
            size="pay"
            look="primary"
            shortcut="Enter"
            disabled={!typing || !isComplete(screen, digits)}
            onClick={() => void confirm()}
          >
            {typing ? t('cash.confirm') : t('pay.saving')}
          </Button>
        </div>
      </div>
      {asking && amountMinor !== undefined && (
        <ApprovalDialog
          act={{ id: screen.id, permission: 'cash.move', amountMinor, currency }}
          what={t('approval.payOut', { amount: formatMoney(amountMinor, { currency, language }) })}
          onApproved={(held) => void confirm(held)}
          onClose={() => setAsking(false)}
        />
      )}
    </PanelFrame>
  )
}

function askOf(screen: CashScreen) {
  const { id, kind, photoId } = screen
  const recipient = screen.recipient.trim()
  const note = screen.note.trim()
  return {
    ...{ id, kind },
    ...(recipient !== '' && { recipient }),
    ...(note !== '' && { note }),
    ...(photoId !== undefined && { attachmentId: photoId }),
  }
}

/** Where the cash comes from, where a machine could give it. */
function FromChoice({
  kind,
  currency,
  from,
  disabled,
  onFrom,
}: {
  readonly kind: CashMovementKind
  readonly currency: Currency
  readonly from: 'here' | 'machine'
  readonly disabled: boolean
  readonly onFrom: (from: 'here' | 'machine') => void
}) {
  const t = useText()
  const here = useMachineHere(currency)
  if (here === undefined || (kind !== 'pay_out' && kind !== 'top_up')) return null
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 text-small font-medium text-ink-soft">{t('machine.from')}</legend>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          aria-pressed={from === 'here'}
          disabled={disabled}
          onClick={() => onFrom('here')}
          className={joinClasses(
            'min-h-12 rounded-md border-2 px-4 text-small font-medium',
            from === 'here'
              ? 'border-accent bg-accent-soft text-accent'
              : 'border-line hover:bg-hover',
          )}
        >
          {t(kind === 'top_up' ? 'machine.from.safe' : 'machine.from.drawer')}
        </button>
        <MachineChoice
          {...{ currency, disabled }}
          chosen={from === 'machine'}
          onChoose={() => onFrom('machine')}
        />
      </div>
    </fieldset>
  )
}

/** Who and what for. */
function CashFields({
  screen,
  onScreen,
}: {
  readonly screen: CashScreen
  readonly onScreen: (screen: CashScreen) => void
}) {
  const t = useText()
  const { kind } = screen
  const typing = screen.stage === 'typing'
  return (
    <>
      {(kind === 'pay_in' || kind === 'pay_out') && (
        <Field
          size="touch"
          label={t(kind === 'pay_in' ? 'cash.giver' : 'cash.recipient')}
          value={screen.recipient}
          maxLength={100}
          disabled={!typing}
          onChange={(event) => onScreen({ ...screen, recipient: event.target.value })}
        />
      )}
      <Field
        size="touch"
        label={t('cash.note')}
        value={screen.note}
        maxLength={200}
        disabled={!typing}
        onChange={(event) => onScreen({ ...screen, note: event.target.value })}
      />
      {kind === 'pay_out' && (
        <PhotoField
          photoId={screen.photoId}
          onPhoto={(photoId) => onScreen({ ...screen, photoId })}
        />
      )}
    </>
  )
}

function Moved({
  id,
  kind,
  currency,
  amountMinor,
  onBack,
}: {
  readonly id: string
  readonly kind: CashMovementKind
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly onBack: () => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const amount = formatMoney(amountMinor, { currency, language })
  return (
    <PanelFrame
      title={t(`cash.${kind}`)}
      onBack={onBack}
      foot={
        <>
          <PrintPaper id={id} />
          <Button size="pay" look="primary" shortcut="Enter" onClick={onBack}>
            {t('closed.done')}
          </Button>
        </>
      }
    >
      <p role="status" className="p-6 text-title font-semibold text-good">
        {t('cash.done', { amount })}
      </p>
    </PanelFrame>
  )
}
