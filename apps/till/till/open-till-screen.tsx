import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useRef, useState } from 'react'
import { getCurrency, makeId, may } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useNode, useTill } from '../app/use-till.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { AmountField } from './amount-field.tsx'
import { CountForm } from './count-form.tsx'
import { openTill } from './open-till.ts'

type Opening =
  | { readonly stage: 'counting'; readonly refusal?: string }
  | { readonly stage: 'saving' }

/** A closed till: it opens on a counted float. */
export function OpenTillScreen({
  onLock,
  onOpened,
}: {
  readonly onLock: () => void
  /** With what the drawer had more or less than it should: known once the float is sealed. */
  readonly onOpened: (varianceMinor: Minor) => void
}) {
  const t = useText()
  const node = useNode()
  useTill(({ directory }) => directory)
  const [count, setCount] = useState<CashCount>(blankCount)
  const [opening, setOpening] = useState<Opening>({ stage: 'counting' })
  // One id for all tries: pressed twice it opens once.
  const id = useRef(makeId(node.nowMs()))
  const button = useRef<HTMLButtonElement>(null)
  const allowed = may(node, 'till.open')
  const currency = getCurrency(node)
  const left = useTill(({ book }) => book.lastClosed?.close.left)
  const leftMinor = left?.find((each) => each.currency === currency)?.minor ?? minor(0)
  const [loanMinor, setLoan] = useState(minor(0))
  const floatMinor = totalOf(count)

  const open = async () => {
    if (opening.stage === 'saving') return
    setOpening({ stage: 'saving' })
    const pieces = listPieces(count)
    const ask = { id: id.current, floatMinor, pieces, ...(leftMinor > 0 && { loanMinor }) }
    const opened = await openTill(node, ask)
    // Opened, the book has a session, and the sale screen takes this one's place.
    if (opened.ok) onOpened(opened.value.openingVarianceMinor ?? minor(0))
    else setOpening({ stage: 'counting', refusal: opened.refusal.code })
  }

  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onLock} />
      <main className="scrolls flex-1 bg-canvas p-6">
        <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,36rem)_minmax(16rem,1fr)] gap-10 max-[900px]:grid-cols-1">
          {allowed ? (
            <>
              <section>
                <h1 className="m-0 text-title font-semibold">{t('open.title')}</h1>
                <p className="mt-1 mb-4 text-small text-ink-soft">{t('open.intro')}</p>
                <CountForm
                  count={count}
                  onCount={setCount}
                  onDone={() => button.current?.focus()}
                  disabled={opening.stage === 'saving'}
                />
              </section>
              <aside className="sticky top-0 flex flex-col gap-4 self-start">
                {leftMinor > 0 && (
                  <>
                    <p className="m-0 flex items-baseline justify-between gap-3 text-small">
                      <span className="text-ink-soft">{t('open.left')}</span>
                      <MoneyText amount={leftMinor} currency={currency} />
                    </p>
                    <AmountField
                      label={t('open.loan')}
                      currency={currency}
                      start={minor(0)}
                      disabled={opening.stage === 'saving'}
                      onAmount={setLoan}
                    />
                  </>
                )}
                <p className="m-0 text-small text-ink-soft">{t('closed.counted')}</p>
                <p className="m-0 text-total font-semibold leading-tight">
                  <MoneyText amount={floatMinor} currency={currency} />
                </p>
                <Button
                  ref={button}
                  size="pay"
                  look="primary"
                  disabled={opening.stage === 'saving'}
                  onClick={() => void open()}
                >
                  {count.size === 0 ? t('open.zero') : t('open.action')}
                </Button>
                <p role="alert" className="m-0 min-h-6 text-small text-danger">
                  {opening.stage === 'counting' && opening.refusal !== undefined
                    ? t(refusalKey(opening.refusal), { code: opening.refusal })
                    : ''}
                </p>
              </aside>
            </>
          ) : (
            <p className="text-body">{t('open.forbidden')}</p>
          )}
        </div>
      </main>
    </div>
  )
}
