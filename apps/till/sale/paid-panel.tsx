import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { Check, CloudOff } from 'lucide-react'
import { useState } from 'react'
import { getShop } from '../app/node.ts'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { viewDocument } from '../receipt/document.ts'
import { ReceiptPaper } from '../receipt/receipt-paper.tsx'
import { printPaper } from '../receipt/reprint.ts'
import { useText } from '../words/use-text.ts'
import { PanelFrame } from './panel-frame.tsx'
import type { Paid } from './sale-state.ts'

/** A sale that is made: the change to give, note by note, and its receipt. The next scan goes on. */
export function PaidPanel({
  paid,
  currency,
  onNext,
}: {
  readonly paid: Paid
  readonly currency: Currency
  readonly onNext: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  // A late word of the store server shows here; the receipt keeps what was true when it was written.
  useTill(({ sent }) => sent)
  const kept = !node.outbox.hasAcked(paid.place)
  const { document } = paid
  const { changeMinor, change = [], changePieces = [], totalMinor } = document.body
  const ownMinor = ownChangeMinor(document.body)
  const offline = paid.ack === 'not_yet'
  const text = receiptText(viewDocument(document, getShop(node)), { language, offline })
  const [failed, setFailed] = useState(false)
  const print = async () => setFailed(!(await printPaper(node, document, { language, offline })).ok)
  useKeys((event) => {
    if (event.key === 'F10') void print()
    else if (event.key === 'Enter' && !pressesButton(event)) onNext()
    else return false
    return true
  })
  return (
    <PanelFrame
      title={t('paid.title')}
      onBack={onNext}
      foot={
        <>
          <Button size="pay" shortcut="F10" onClick={() => void print()}>
            {t('paid.print')}
          </Button>
          <Button size="pay" look="primary" shortcut="Enter" onClick={onNext}>
            {t('paid.next')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-6 p-5 max-[1100px]:grid-cols-1">
        <div>
          {paid.machine !== undefined && <MachineChange given={paid.machine} />}
          {(paid.machine === undefined || changeMinor > 0) && (
            <p className="m-0 text-small text-ink-soft">
              {changeMinor > 0 ? t('paid.change') : t('paid.noChange')}
            </p>
          )}
          {change.map(({ currency: other, minor: amount, pieces = [] }) => (
            <div key={other} className="mb-3 border-b border-line pb-3">
              <p className="m-0 text-[4rem] leading-tight font-semibold">
                <MoneyText amount={amount} currency={other} />
              </p>
              <ChangePieces pieces={pieces} currency={other} />
            </div>
          ))}
          {ownMinor > 0 && (
            <p data-change-due={ownMinor} className="m-0 text-[4rem] leading-tight font-semibold">
              <MoneyText amount={ownMinor} currency={currency} />
            </p>
          )}
          <ChangePieces pieces={changePieces} currency={currency} />
          <p className="mt-6 mb-0 text-small text-ink-soft">
            {t('cart.total')} <MoneyText amount={totalMinor} currency={currency} />
          </p>
          <p className="m-0 text-small text-ink-soft">{document.receiptNumber}</p>
          <p
            role="status"
            data-ack={kept ? 'not_yet' : 'acknowledged'}
            className={`mt-2 mb-0 inline-flex items-center gap-2 text-small font-medium ${kept ? 'text-warn' : 'text-good'}`}
          >
            {kept ? (
              <CloudOff aria-hidden="true" size={18} />
            ) : (
              <Check aria-hidden="true" size={18} />
            )}
            {kept ? t('paid.offline') : t('paid.sent')}
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

/** What the machine gave by itself: nothing to hand over, and the customer is told what to take. */
function MachineChange({ given }: { readonly given: CashAmount }) {
  const t = useText()
  if (given.minor === 0) {
    return <p className="m-0 text-small text-ink-soft">{t('machine.paidNoChange')}</p>
  }
  return (
    <div data-machine="change-given" data-minor={given.minor} className="mb-3">
      <p className="m-0 text-small text-ink-soft">{t('machine.paidChange')}</p>
      <p className="m-0 text-[4rem] leading-tight font-semibold">
        <MoneyText amount={given.minor} currency={given.currency} />
      </p>
      <ChangePieces pieces={given.pieces ?? []} currency={given.currency} />
    </div>
  )
}

function ChangePieces({
  pieces,
  currency,
}: {
  readonly pieces: Pieces
  readonly currency: Currency
}) {
  return (
    <ul className="m-0 mt-3 flex list-none flex-col gap-2 p-0">
      {pieces.map(({ faceMinor, pieces: count }) => (
        <li key={faceMinor} className="flex items-center gap-3 text-body">
          <span className="w-14 text-right font-semibold">{count} ×</span>
          <DenominationChip face={faceMinor} currency={currency} size="touch" />
        </li>
      ))}
    </ul>
  )
}
