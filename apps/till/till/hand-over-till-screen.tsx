import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount } from '@tillkeeper/ui/denomination/count-state.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useRef, useState } from 'react'
import { findWorker, getCurrency, makeId } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { CountForm, CountFrame, CountTotals, CurrencyTabs, useCurrencies } from './count-form.tsx'
import { type Counts, listCash, listCountAmounts } from './count-state.ts'
import { handOverTill } from './session-life.ts'
import { SignDialog, type Signed } from './sign-dialog.tsx'

type Giving =
  | { readonly stage: 'counting'; readonly refusal?: string }
  | { readonly stage: 'signing' }
  | { readonly stage: 'saving' }
  | { readonly stage: 'done'; readonly name: string }

/**
 * A drawer goes to another person in the middle of a session: counted blind, signed by who gives it (they work
 * here) and by who takes it (number and PIN). Nobody learns what was expected.
 */
export function HandOverTillScreen({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const own = getCurrency(node)
  const currencies = useCurrencies()
  const [currency, setCurrency] = useState<Currency>(own)
  const [counts, setCounts] = useState<Counts>(new Map())
  const [giving, setGiving] = useState<Giving>({ stage: 'counting' })
  const giver = useRef(findWorker(node)?.name ?? '')
  const id = useRef(makeId(node.nowMs()))
  const button = useRef<HTMLButtonElement>(null)
  const amounts = listCash(counts, own)
    .map((each) => formatMoney(each.minor, { currency: each.currency, language }))
    .join(' + ')
  const counting = giving.stage === 'counting'

  const give = async ({ person, login }: Signed) => {
    setGiving({ stage: 'saving' })
    const command = { id: id.current, toStaffId: person.id, counts: listCountAmounts(counts, own) }
    const given = await handOverTill(node, command)
    if (!given.ok) return setGiving({ stage: 'counting', refusal: given.refusal.code })
    // Who took it works here from now on.
    node.state.setState({ person, login })
    setGiving({ stage: 'done', name: person.name })
  }
  useKeys((event) => {
    if (event.key !== 'Escape' || giving.stage === 'saving') return false
    if (giving.stage !== 'signing') onBack()
    return giving.stage !== 'signing'
  })

  if (giving.stage === 'done') return <Given {...{ amounts, onBack }} name={giving.name} />
  return (
    <>
      <CountFrame
        title={t('giveTill.title')}
        intro={t('giveTill.intro')}
        onLeave={onBack}
        aside={
          <>
            <CountTotals counts={listCountAmounts(counts, own)} />
            <Button
              ref={button}
              size="pay"
              look="primary"
              disabled={!counting}
              onClick={() => setGiving({ stage: 'signing' })}
            >
              {giving.stage === 'saving' ? t('pay.saving') : t('giveTill.action')}
            </Button>
            <Button size="touch" look="quiet" onClick={onBack} shortcut="Esc">
              {t('close.keepSelling')}
            </Button>
            <p role="alert" className="m-0 min-h-6 text-small text-danger">
              {giving.stage === 'counting' &&
                giving.refusal !== undefined &&
                t(refusalKey(giving.refusal), { code: giving.refusal })}
            </p>
          </>
        }
      >
        <CurrencyTabs {...{ currencies, counts }} chosen={currency} onChoose={setCurrency} />
        <CountForm
          key={currency}
          currency={currency}
          count={counts.get(currency) ?? blankCount}
          onCount={(count) => setCounts((held) => new Map(held).set(currency, count))}
          onDone={() => button.current?.focus()}
          disabled={!counting}
        />
      </CountFrame>
      {giving.stage === 'signing' && (
        <SignDialog
          what={t('giveTill.what', { giver: giver.current, amounts })}
          permission="till.open"
          onSigned={(signed) => void give(signed)}
          onClose={() => setGiving({ stage: 'counting' })}
        />
      )}
    </>
  )
}

/** Both signed: whose it is now. */
function Given({
  name,
  amounts,
  onBack,
}: {
  readonly name: string
  readonly amounts: string
  readonly onBack: () => void
}) {
  const t = useText()
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onBack} />
      <main className="grid flex-1 place-items-center bg-canvas p-6">
        <section className="max-w-xl" data-handed-over>
          <h1 className="m-0 text-title font-semibold text-good">{t('giveTill.done', { name })}</h1>
          <p className="mt-3 mb-6 text-body">{t('giveTill.doneText', { amounts })}</p>
          <Button size="pay" look="primary" shortcut="Enter" autoFocus onClick={onBack}>
            {t('giveTill.goOn')}
          </Button>
        </section>
      </main>
    </div>
  )
}
