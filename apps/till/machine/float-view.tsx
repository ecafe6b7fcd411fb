import { type HeldApproval, isWithin } from '@tillkeeper/core/approval/check-approval.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import {
  type CashCount,
  listPieces,
  setPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace, formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { ApprovalDialog } from '../approval/approval-dialog.tsx'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { moveByMachine, piecesIn } from './ask-machine.ts'
import { useMachineHere } from './machine-method.tsx'

/** A float for the drawer: which notes and coins the machine gives for it, of those that it holds. */
export function FloatView({
  id,
  currency,
  onBack,
}: {
  /** The top-up's: trying again never moves cash twice. */
  readonly id: string
  readonly currency: Currency
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const here = useMachineHere(currency)
  const stock = here === undefined ? [] : piecesIn(here, currency)
  const [count, setCount] = useState<CashCount>(() => new Map())
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const amountMinor = totalOf(count)
  // The machine may have given some to somebody meanwhile.
  const there = listPieces(count).every(
    ({ faceMinor, pieces }) => pieces <= heldOf(stock, faceMinor),
  )
  const ready = !busy && amountMinor > 0 && there && here?.away === undefined
  // What leaves a machine by somebody's hand is theirs to give up to their limit, wherever it goes.
  const worker = useTill((state) => state.person)
  const [asking, setAsking] = useState(false)
  const act = { id, permission: 'cash.move', amountMinor, currency }
  const alone = worker !== undefined && isWithin({ ...act, limitCurrency: currency }, worker)
  const give = async (approval?: HeldApproval) => {
    setAsking(false)
    if (!ready) return
    if (!alone && approval === undefined) {
      setAsking(true)
      return
    }
    setBusy(true)
    setRefusal(undefined)
    const byPiece = here?.live?.capabilities?.payOut !== 'amount'
    const begun = await moveByMachine(node, currency, {
      ...{ id, kind: 'top_up', amountMinor, approval },
      ...(byPiece && { pieces: listPieces(count) }),
    })
    setBusy(false)
    if (!begun.ok) setRefusal(begun.refusal.code)
  }
  useKeys((event) => {
    if (event.key === 'Escape') onBack()
    else if (event.key === 'Enter' && !pressesButton(event)) void give()
    else return false
    return true
  })
  return (
    <PanelFrame
      title={t('machine.choosePieces')}
      onBack={onBack}
      foot={
        <Button
          size="pay"
          look="primary"
          shortcut="Enter"
          disabled={!ready}
          onClick={() => void give()}
        >
          {t('machine.give', { amount: formatMoney(amountMinor, { currency, language }) })}
        </Button>
      }
    >
      <div className="max-w-2xl p-5">
        {stock.length === 0 && <p className="m-0 text-body">{t('machine.noStock')}</p>}
        <ul className="m-0 list-none p-0">
          {stock.map(({ faceMinor, pieces }) => (
            <FaceRow
              key={faceMinor}
              {...{ currency, disabled: busy }}
              face={faceMinor}
              held={pieces}
              chosen={count.get(faceMinor) ?? 0}
              onChosen={(next) => setCount((before) => setPieces(before, faceMinor, next))}
            />
          ))}
        </ul>
        <p role="alert" className="my-3 min-h-6 text-small text-danger">
          {refusal !== undefined && t(refusalKey(refusal), { code: refusal })}
        </p>
      </div>
      {asking && (
        <ApprovalDialog
          act={act}
          what={t('machine.give', { amount: formatMoney(amountMinor, { currency, language }) })}
          onApproved={(held) => void give(held)}
          onClose={() => setAsking(false)}
        />
      )}
    </PanelFrame>
  )
}

const heldOf = (stock: ReturnType<typeof piecesIn>, face: Minor) =>
  stock.find(({ faceMinor }) => faceMinor === face)?.pieces ?? 0

function FaceRow({
  face,
  currency,
  held,
  chosen,
  disabled,
  onChosen,
}: {
  readonly face: Minor
  readonly currency: Currency
  readonly held: number
  readonly chosen: number
  readonly disabled: boolean
  readonly onChosen: (pieces: number) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const name = formatFace(face, { currency, language })
  const step = (by: number) => onChosen(Math.max(0, Math.min(held, chosen + by)))
  return (
    <li className="flex items-center gap-3 border-b border-line py-2">
      <span className="w-20">
        <DenominationChip face={face} currency={currency} size="touch" />
      </span>
      <span className="min-w-0 flex-1 text-small text-ink-soft">
        {t('machine.inIt', { count: held })}
      </span>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={t('machine.lessPieces', { face: name })}
        disabled={disabled || chosen === 0}
        onClick={() => step(-1)}
      >
        <Minus aria-hidden="true" size={20} />
      </Button>
      <output className="w-10 text-center text-body font-semibold" aria-label={name}>
        {chosen}
      </output>
      <Button
        size="touch"
        className="w-12 px-0!"
        aria-label={t('machine.morePieces', { face: name })}
        disabled={disabled || chosen >= held}
        onClick={() => step(1)}
      >
        <Plus aria-hidden="true" size={20} />
      </Button>
      <Button size="touch" disabled={disabled || chosen >= held} onClick={() => step(10)}>
        +10
      </Button>
      <span className="w-24 text-right text-small font-semibold max-[600px]:hidden">
        <MoneyText amount={minor(face * chosen)} currency={currency} unit="hide" />
      </span>
    </li>
  )
}
