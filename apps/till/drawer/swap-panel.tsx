import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, listPieces, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useState } from 'react'
import { makeId } from '../app/node.ts'
import { useNode } from '../app/use-till.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { type CashRefusal, useRefusal } from '../words/use-refusal.ts'
import { useText } from '../words/use-text.ts'
import { swapNotes } from './record-drawer.ts'

/** Change for a hundred: what comes in and what goes out are worth the same. */
export function SwapPanel({
  currency,
  onBack,
}: {
  readonly currency: Currency
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const [id] = useState(() => makeId(node.nowMs()))
  const [taken, setTaken] = useState(blankCount)
  const [given, setGiven] = useState(blankCount)
  const [other, setOther] = useState<'customer' | 'safe'>('customer')
  const [stage, setStage] = useState<'typing' | 'saving' | 'done'>('typing')
  const [refusal, setRefusal] = useState<CashRefusal>()
  const say = useRefusal(currency)
  const faces = denominationsOf(currency).map(({ faceMinor }) => faceMinor)
  const left = totalOf(taken) - totalOf(given)
  const ready = stage === 'typing' && left === 0 && totalOf(taken) > 0
  const money = (amount: number) =>
    formatMoney(Math.abs(amount) as (typeof faces)[number], { currency, language })
  const record = async () => {
    if (!ready) return
    setStage('saving')
    const pieces = { taken: listPieces(taken), given: listPieces(given) }
    const swapped = await swapNotes(node, { id, ...pieces, with: other })
    setRefusal(swapped.ok ? undefined : swapped.refusal)
    setStage(swapped.ok ? 'done' : 'typing')
  }
  const foot =
    stage === 'done' ? (
      <Button size="pay" look="primary" autoFocus onClick={onBack}>
        {t('closed.done')}
      </Button>
    ) : (
      <>
        <p role="status" className="m-0 mr-auto text-small">
          {refusal !== undefined ? (
            <span className="text-danger">{say(refusal)}</span>
          ) : left === 0 ? (
            t('swap.even')
          ) : (
            t(left > 0 ? 'swap.stillOut' : 'swap.stillIn', { amount: money(left) })
          )}
        </p>
        <Button
          size="touch"
          aria-pressed={other === 'safe'}
          onClick={() => setOther(other === 'safe' ? 'customer' : 'safe')}
        >
          {t(other === 'safe' ? 'swap.withSafe' : 'swap.withCustomer')}
        </Button>
        <Button size="pay" look="primary" disabled={!ready} onClick={() => void record()}>
          {t('swap.action')}
        </Button>
      </>
    )
  return (
    <PanelFrame title={t('menu.swap')} onBack={onBack} foot={foot}>
      {stage === 'done' ? (
        <p role="status" className="p-6 text-title font-semibold text-good">
          {t('swap.done', { amount: money(totalOf(taken)) })}
        </p>
      ) : (
        <div className="grid grid-cols-2 gap-6 p-5 max-[1200px]:grid-cols-1">
          {(['taken', 'given'] as const).map((side) => (
            <section key={side}>
              <h3 className="mt-0 mb-2 text-body font-semibold">{t(`swap.${side}`)}</h3>
              <DenominationTable
                currency={currency}
                faces={faces}
                count={side === 'taken' ? taken : given}
                onCount={side === 'taken' ? setTaken : setGiven}
                onDone={() => void record()}
                disabled={stage !== 'typing'}
                autoFocus={side === 'taken'}
              />
            </section>
          ))}
        </div>
      )}
    </PanelFrame>
  )
}
