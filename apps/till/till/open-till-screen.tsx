import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { FloatCounted } from '@tillkeeper/core/till/open-till.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, listPieces, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useRef, useState } from 'react'
import { getCurrency, makeId, may } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useNode, useTill } from '../app/use-till.ts'
import { leftHere } from '../journal/book-session.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { AmountField } from './amount-field.tsx'
import { CountForm, CountFrame, CountTotals, CurrencyTabs, useCurrencies } from './count-form.tsx'
import { type Counts, listCountAmounts } from './count-state.ts'
import { type OpeningDifference, openTill } from './open-till.ts'
import { WaitingSessions } from './waiting-sessions.tsx'

type Opening =
  | { readonly stage: 'counting'; readonly refusal?: string }
  | { readonly stage: 'saving' }

/** A closed till: it opens on a counted float, of each currency by itself. */
export function OpenTillScreen({
  onLock,
  onOpened,
  onCount,
}: {
  readonly onLock: () => void
  /** With what the drawer had more or less than it should: known once the float is sealed. */
  readonly onOpened: (differences: readonly OpeningDifference[]) => void
  /** A session that was ended waits for its count. */
  readonly onCount: (sessionId: string) => void
}) {
  const t = useText()
  const node = useNode()
  useTill(({ directory }) => directory)
  const [counts, setCounts] = useState<Counts>(new Map())
  const [loans, setLoans] = useState<ReadonlyMap<Currency, Minor>>(new Map())
  const [opening, setOpening] = useState<Opening>({ stage: 'counting' })
  // One id for all tries: pressed twice it opens once.
  const id = useRef(makeId(node.nowMs()))
  const button = useRef<HTMLButtonElement>(null)
  const own = getCurrency(node)
  const currencies = useCurrencies()
  const [currency, setCurrency] = useState(own)
  const left = useTill(({ book }) => leftHere(book))
  const leftOf = (of: Currency) => left?.find((each) => each.currency === of)?.minor ?? minor(0)
  const saving = opening.stage === 'saving'

  const open = async () => {
    if (saving) return
    setOpening({ stage: 'saving' })
    const floatOf = (of: Currency): FloatCounted => {
      const count = counts.get(of) ?? blankCount
      const loanMinor = leftOf(of) > 0 ? (loans.get(of) ?? minor(0)) : undefined
      return { floatMinor: totalOf(count), pieces: listPieces(count), loanMinor }
    }
    // A currency that was left in the drawer is in its float, also where nobody found any of it.
    const others = currencies
      .filter((each) => each !== own && (counts.has(each) || leftOf(each) > 0))
      .map((each) => ({ currency: each, ...floatOf(each) }))
    const opened = await openTill(node, { id: id.current, ...floatOf(own), others })
    // Opened, the book has a session, and the sale screen takes this one's place.
    if (opened.ok) onOpened(opened.value.differences)
    else setOpening({ stage: 'counting', refusal: opened.refusal.code })
  }

  if (!may(node, 'till.open')) return <NotAllowed onLock={onLock} />
  return (
    <CountFrame
      title={t('open.title')}
      intro={t('open.intro')}
      onLeave={onLock}
      aside={
        <>
          {leftOf(currency) > 0 && (
            <LeftAndLoan
              key={currency}
              {...{ currency }}
              leftMinor={leftOf(currency)}
              loanMinor={loans.get(currency) ?? minor(0)}
              disabled={saving}
              onLoan={(loan) => setLoans((held) => new Map(held).set(currency, loan))}
            />
          )}
          <CountTotals counts={listCountAmounts(counts, own)} />
          <Button
            ref={button}
            size="pay"
            look="primary"
            disabled={saving}
            onClick={() => void open()}
          >
            {[...counts.values()].every(({ size }) => size === 0)
              ? t('open.zero')
              : t('open.action')}
          </Button>
          <p role="alert" className="m-0 min-h-6 text-small text-danger">
            {opening.stage === 'counting' && opening.refusal !== undefined
              ? t(refusalKey(opening.refusal), { code: opening.refusal })
              : ''}
          </p>
          <WaitingSessions onCount={onCount} />
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
        disabled={saving}
      />
    </CountFrame>
  )
}

/** What the last close left in the drawer, and what was taken from the safe on top of it. */
function LeftAndLoan({
  currency,
  leftMinor,
  loanMinor,
  disabled,
  onLoan,
}: {
  readonly currency: Currency
  readonly leftMinor: Minor
  readonly loanMinor: Minor
  readonly disabled: boolean
  readonly onLoan: (loan: Minor) => void
}) {
  const t = useText()
  return (
    <>
      <p className="m-0 flex items-baseline justify-between gap-3 text-small">
        <span className="text-ink-soft">{t('open.left')}</span>
        <MoneyText amount={leftMinor} currency={currency} />
      </p>
      <AmountField
        label={t('open.loan')}
        currency={currency}
        start={loanMinor}
        disabled={disabled}
        onAmount={onLoan}
      />
    </>
  )
}

function NotAllowed({ onLock }: { readonly onLock: () => void }) {
  const t = useText()
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onLock} />
      <main className="scrolls flex-1 bg-canvas p-6">
        <p className="mx-auto max-w-5xl text-body">{t('open.forbidden')}</p>
      </main>
    </div>
  )
}
