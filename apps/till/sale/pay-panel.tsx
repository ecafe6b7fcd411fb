import { denominationsOf, quickTenders } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { findLook } from '@tillkeeper/ui/denomination/denomination-look.ts'
import { keyOfKeyboard } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace, formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { AskLine } from '../hint/ask-line.tsx'
import { MachineAwayNote, MachineMethod, useMachineHere } from '../machine/machine-method.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { PanelFrame } from './panel-frame.tsx'
import { ChangeChoice, CurrencyStrip, currencyOf } from './pay-currency.tsx'
import {
  type Confirmed,
  chooseChange,
  chooseMethod,
  confirmCash,
  confirmEntry,
  confirmMachine,
  digitsOf,
  enteredMinor,
  nextCurrency,
  type Pay,
  pressNote,
  pressPayKey,
  previewPay,
  remainingInEntry,
  removeTender,
  worthOfTender,
} from './pay-state.ts'

const methods: readonly TenderMethod[] = ['cash', 'card', 'promptpay', 'bank_transfer']

type Props = {
  readonly pay: Pay
  readonly currency: Currency
  readonly onPay: (pay: Pay) => void
  readonly onConfirm: (confirmed: Confirmed) => void
  readonly onBack: () => void
}

/** Pays the cart: methods and notes left, the keypad in the middle, what it comes to right. */
export function PayPanel({ pay, currency, onPay, onConfirm, onBack }: Props) {
  const t = useText()
  const saving = pay.stage === 'saving'
  const machine = useMachineHere(currency)
  const machineReady = machine !== undefined && machine.away === undefined
  const exact = () => {
    const left = remainingInEntry(pay)
    if (left !== undefined) onConfirm(confirmCash(pay, left))
  }
  useKeys((event) => {
    if (saving || event.ctrlKey || event.altKey || event.metaKey) return saving
    if (event.key === 'F9') exact()
    else if (event.key === 'F4' && machineReady) onConfirm(confirmMachine(pay))
    else if (event.key === 'Enter' && !pressesButton(event)) onConfirm(confirmEntry(pay))
    else if (event.key === '/') onPay(nextCurrency(pay))
    else if (event.key === '*' && pay.rate !== undefined) onPay(chooseChange(pay, !pay.abroad))
    else {
      const key = keyOfKeyboard(event.key)
      if (key === undefined) return false
      onPay(pressPayKey(pay, key))
    }
    return true
  })
  return (
    <PanelFrame title={t('pay.title')} onBack={onBack}>
      <div className="flex h-full flex-col">
        <CurrencyStrip pay={pay} currency={currency} onPay={onPay} />
        <div className="grid min-h-0 flex-1 grid-cols-[10.5rem_minmax(14rem,20rem)_minmax(13rem,1fr)] gap-5 p-4 max-[1100px]:grid-cols-[8.5rem_minmax(13rem,1fr)_minmax(11rem,13rem)] max-[1100px]:gap-3 max-[600px]:flex-none max-[600px]:grid-cols-[7.5rem_minmax(0,1fr)]">
          <div className="flex flex-col gap-5">
            <Methods pay={pay} onPay={onPay}>
              <MachineMethod pay={pay} currency={currency} onConfirm={onConfirm} />
            </Methods>
            {pay.method === 'cash' && (
              <Notes pay={pay} currency={currencyOf(pay, currency)} onPay={onPay} />
            )}
          </div>
          <div className="flex min-h-0 flex-col gap-3">
            <EntryLine pay={pay} currency={currencyOf(pay, currency)} />
            <AskLine pay={pay} currency={currency} />
            <QuickAmounts
              pay={pay}
              currency={currencyOf(pay, currency)}
              onConfirm={onConfirm}
              onExact={exact}
            />
            <Keypad
              // At the foot: it stays where it is, however many amounts stand above it.
              className="mt-auto"
              corner={digitsOf(pay) === 0 ? '00' : 'point'}
              disabled={saving}
              onKey={(key) => onPay(pressPayKey(pay, key))}
            />
          </div>
          <Figures pay={pay} currency={currency} onPay={onPay} onConfirm={onConfirm} />
        </div>
      </div>
    </PanelFrame>
  )
}

function Methods({
  pay,
  onPay,
  children,
}: Pick<Props, 'pay' | 'onPay'> & { readonly children: ReactNode }) {
  const t = useText()
  return (
    <fieldset aria-label={t('pay.methods')} className="m-0 flex flex-col gap-2 border-0 p-0">
      {methods.map((method) => (
        <button
          key={method}
          type="button"
          aria-pressed={pay.method === method}
          disabled={pay.stage === 'saving'}
          onClick={() => onPay(chooseMethod(pay, method))}
          className={joinClasses(
            'min-h-16 rounded-md border-2 bg-surface px-3 text-left text-small font-semibold',
            pay.method === method
              ? 'border-accent bg-accent-soft text-accent'
              : 'border-line hover:bg-hover',
          )}
        >
          {t(`pay.${method}`)}
        </button>
      ))}
      {children}
    </fieldset>
  )
}

// In their own colours: a note is recognised before it is read.
function Notes({ pay, currency, onPay }: Pick<Props, 'pay' | 'currency' | 'onPay'>) {
  const t = useText()
  const [language] = useLanguage()
  const notes = denominationsOf(currency)
    .filter(({ kind }) => kind === 'note')
    .slice(0, 7)
  if (notes.length === 0) return null
  return (
    <fieldset aria-label={t('pay.notes')} className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 text-small text-ink-soft">{t('pay.notes')}</legend>
      <div className="grid grid-cols-2 gap-2">
        {notes.map(({ faceMinor }) => {
          const face = formatFace(faceMinor, { currency, language })
          const pieces = pay.notes.find((note) => note.faceMinor === faceMinor)?.pieces ?? 0
          return (
            <button
              key={faceMinor}
              type="button"
              aria-label={t('pay.note', { face })}
              disabled={pay.stage === 'saving'}
              onClick={() => onPay(pressNote(pay, faceMinor))}
              style={{ backgroundColor: findLook(currency, faceMinor).colour }}
              className="relative h-12 rounded-[3px] text-small font-semibold text-white active:brightness-90"
            >
              {face}
              {pieces > 0 && (
                <span className="absolute -top-1.5 -right-1.5 rounded-full border-2 border-surface bg-ink px-1.5 text-[0.8125rem] leading-5">
                  ×{pieces}
                </span>
              )}
            </button>
          )
        })}
      </div>
    </fieldset>
  )
}

function EntryLine({ pay, currency }: Pick<Props, 'pay' | 'currency'>) {
  const t = useText()
  const [language] = useLanguage()
  const entered = enteredMinor(pay)
  const shown =
    pay.notes.length > 0 && entered !== undefined
      ? formatMoney(entered, { currency, language })
      : pay.entry
  return (
    <output
      aria-label={t('pay.entry')}
      className="flex h-14 items-center justify-between rounded-md border-2 border-line-strong bg-surface px-4"
    >
      <span className="text-small text-ink-soft">
        {t(`pay.${pay.method}`)} {pay.rate?.currency}
      </span>
      <span className="text-title font-semibold">{shown === '' ? ' ' : shown}</span>
    </output>
  )
}

function QuickAmounts({
  pay,
  currency,
  onConfirm,
  onExact,
}: Pick<Props, 'pay' | 'currency' | 'onConfirm'> & { readonly onExact: () => void }) {
  const t = useText()
  const [language] = useLanguage()
  const left = remainingInEntry(pay) ?? minor(0)
  const [, ...above] = quickTenders(left, denominationsOf(currency))
  const saving = pay.stage === 'saving'
  const name = (amount: Minor) => formatFace(amount, { currency, language })
  return (
    <fieldset aria-label={t('pay.quick')} className="m-0 grid grid-cols-2 gap-2 border-0 p-0">
      <Button
        size="pay"
        shortcut="F9"
        className="col-span-2"
        disabled={saving || left === 0}
        onClick={onExact}
      >
        {t('pay.exact')} {name(left)}
      </Button>
      {above.map((amount) => (
        <Button
          key={amount}
          size="pay"
          disabled={saving}
          onClick={() => onConfirm(confirmCash(pay, amount))}
        >
          {name(amount)}
        </Button>
      ))}
    </fieldset>
  )
}

function Figures({ pay, currency, onPay, onConfirm }: Omit<Props, 'onBack'>) {
  const t = useText()
  const [language] = useLanguage()
  const preview = previewPay(pay)
  const saving = pay.stage === 'saving'
  const confirmed = confirmEntry(pay)
  return (
    <div className="flex min-h-0 flex-col max-[600px]:col-span-2">
      <Figure label={t('pay.toPay')} amount={pay.dueMinor} currency={currency} large />
      <ul className="m-0 list-none p-0">
        {pay.tenders.map((tender, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: tenders have no other name than their place.
            key={index}
            className="flex items-center justify-between border-b border-line text-small"
          >
            <span>
              {t(`pay.${tender.method}`)}{' '}
              {tender.currency !== undefined && (
                <MoneyText amount={tender.givenMinor} currency={tender.currency} />
              )}
            </span>
            <span className="flex items-center gap-1">
              <MoneyText amount={worthOfTender(pay, tender)} currency={currency} unit="hide" />
              <button
                type="button"
                aria-label={t('pay.remove', {
                  method: t(`pay.${tender.method}`),
                  amount: formatMoney(tender.givenMinor, {
                    currency: tender.currency ?? currency,
                    language,
                  }),
                })}
                disabled={saving}
                onClick={() => onPay(removeTender(pay, index))}
                className="grid size-12 place-items-center rounded-md hover:bg-hover"
              >
                <X aria-hidden="true" size={18} />
              </button>
            </span>
          </li>
        ))}
      </ul>
      <Figure label={t('pay.given')} amount={preview.givenMinor} currency={currency} />
      {preview.missingMinor > 0 ? (
        <Figure label={t('pay.missing')} amount={preview.missingMinor} currency={currency} />
      ) : (
        <Figure label={t('pay.change')} amount={preview.changeMinor} currency={currency} large />
      )}
      {preview.roundingMinor !== undefined && (
        <p className="m-0 flex justify-between border-b border-line py-2 text-small text-ink-soft">
          <span>{t('pay.rounding')}</span>
          <MoneyText amount={preview.roundingMinor} currency={currency} sign="always" />
        </p>
      )}
      <ChangeChoice pay={pay} currency={currency} preview={preview} onPay={onPay} />
      <p role="alert" className="my-2 min-h-12 text-small text-danger">
        {pay.stage === 'refused' && t(refusalKey(pay.code), { code: pay.code })}
        {confirmed.is === 'too_much' && t('refusal.too_much')}
      </p>
      <MachineAwayNote currency={currency} />
      <Button
        look="primary"
        size="pay"
        shortcut="Enter"
        className="mt-auto w-full shrink-0"
        disabled={saving || (confirmed.is !== 'complete' && confirmed.is !== 'part')}
        onClick={() => onConfirm(confirmed)}
      >
        {saving ? t('pay.saving') : confirmed.is === 'part' ? t('pay.addPart') : t('pay.confirm')}
      </Button>
    </div>
  )
}

function Figure({
  label,
  amount,
  currency,
  large = false,
}: {
  readonly label: string
  readonly amount: Minor
  readonly currency: Currency
  readonly large?: boolean
}) {
  return (
    <p className="m-0 border-b border-line py-2">
      <span className="block text-small text-ink-soft">{label}</span>
      <span
        className={joinClasses(
          'block text-right font-semibold leading-tight',
          large ? 'text-total max-[1100px]:text-title' : 'text-title',
        )}
      >
        <MoneyText amount={amount} currency={currency} />
      </span>
    </p>
  )
}
