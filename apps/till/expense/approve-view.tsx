import type { LimitName } from '@tillkeeper/core/expense/expense.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useRef, useState } from 'react'
import { makeId } from '../app/node.ts'
import { useNode } from '../app/use-till.ts'
import { isAllowed } from '../catalogue/directory.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { PinForm } from '../staff/pin-form.tsx'
import { signIn } from '../staff/sign-in.ts'
import type { TillKey } from '../words/en.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import type { KnownExpense } from './known-expense.ts'
import { approveExpense, declineExpense } from './record-expense.ts'

/** Above a limit: somebody else types their PIN here, or the office answers later. */
export function ApproveView({
  expense,
  above,
  onWait,
  onBack,
}: {
  readonly expense: KnownExpense
  readonly above: readonly LimitName[]
  readonly onWait: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<TillKey>()
  const id = useRef(makeId(node.nowMs()))
  const { amountMinor, currency } = expense

  const approve = async (typed: { readonly number: string; readonly pin: string }) => {
    setBusy(true)
    const { directory } = node.state.getState()
    const { shopId } = node.device
    const known = await signIn({ db: node.db, directory, shopId, nowMs: node.nowMs() }, typed)
    setBusy(false)
    if (known.is !== 'in') {
      setRefusal(known.is === 'not_here' ? 'expense.pinNotHere' : 'expense.wrongPin')
      return
    }
    // Who may approve is the feed's to say; the login that came with the PIN is nobody's here.
    const { person } = known
    if (!isAllowed(person, 'expense.approve', shopId)) {
      setRefusal('expense.mayNot')
      return
    }
    const done = await approveExpense(node, {
      ...{ id: id.current, expenseId: expense.id, approver: person },
    })
    if (!done.ok) setRefusal(refusalKey(done.refusal.code))
  }
  const takeBack = async () => {
    const done = await declineExpense(node, { id: makeId(node.nowMs()), expenseId: expense.id })
    if (done.ok) onWait()
    else setRefusal(refusalKey(done.refusal.code))
  }

  return (
    <PanelFrame
      title={`${expense.categoryName} · ${formatMoney(amountMinor, { currency, language })}`}
      onBack={onBack}
    >
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,22rem)] gap-8 p-5 max-[1100px]:grid-cols-1">
        <div>
          <p className="m-0 text-title font-semibold">{t('expense.needsApproval')}</p>
          <ul className="mt-2 mb-4 list-none p-0 text-body leading-[1.5]">
            {above.map((limit) => (
              <li key={limit} className="text-warn">
                {t(`expense.above.${limit}`)}
              </li>
            ))}
          </ul>
          <p className="m-0 text-small text-ink-soft">{t('expense.approveHere')}</p>
          <p className="mt-4 mb-6 text-body">{expense.purpose}</p>
          <div className="flex flex-col items-start gap-2">
            <Button size="touch" disabled={busy} onClick={onWait}>
              {t('expense.waitOffice')}
            </Button>
            <Button size="touch" look="quiet" disabled={busy} onClick={() => void takeBack()}>
              {t('expense.takeBack')}
            </Button>
          </div>
        </div>
        <PinForm
          busy={busy}
          action={t('expense.approveAction')}
          refusal={refusal === undefined ? undefined : t(refusal)}
          onSubmit={(typed) => void approve(typed)}
        />
      </div>
    </PanelFrame>
  )
}
