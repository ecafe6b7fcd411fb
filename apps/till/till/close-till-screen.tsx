import { Button } from '@tillkeeper/ui/button/button.tsx'
import { listPieces, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useRef, useState } from 'react'
import { getCurrency, makeId, may } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { OpenAdvances } from '../expense/open-advances.tsx'
import type { ClosedSession } from '../journal/kept.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { closeTill } from './close-till.ts'
import {
  askSure,
  type CloseScreen,
  changeCount,
  changeNote,
  countAgain,
  startClose,
  startClosing,
} from './close-till-state.ts'
import { CountForm } from './count-form.tsx'

/** A blind count ends the session: the count first, then, sealed, what it means. */
export function CloseTillScreen({
  onClosed,
  onBack,
}: {
  readonly onClosed: (closed: ClosedSession) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  useTill(({ directory }) => directory)
  const [screen, setScreen] = useState<CloseScreen>(startClose)
  const id = useRef(makeId(node.nowMs()))
  const button = useRef<HTMLButtonElement>(null)
  const currency = getCurrency(node)
  const countedMinor = totalOf(screen.count)
  const saving = screen.stage === 'saving'

  const close = async () => {
    const next = startClosing(screen)
    if (next.stage !== 'saving' || saving) return
    setScreen(next)
    const note = screen.note.trim()
    const closed = await closeTill(node, {
      id: id.current,
      countedMinor,
      pieces: listPieces(screen.count),
      ...(note !== '' && { note }),
    })
    if (closed.ok) onClosed(closed.value)
    else setScreen((held) => countAgain(held, closed.refusal.code))
  }
  useKeys((event) => {
    if (event.key !== 'Escape' || saving) return false
    if (screen.stage === 'sure') setScreen(countAgain)
    else onBack()
    return true
  })

  if (!may(node, 'till.close')) {
    return (
      <div className="flex h-full flex-col">
        <TopBar onLock={onBack} />
        <main className="p-6">
          <p className="text-body">{t('close.forbidden')}</p>
          <Button size="touch" onClick={onBack} shortcut="Esc">
            {t('close.keepSelling')}
          </Button>
        </main>
      </div>
    )
  }
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onBack} />
      <main className="scrolls flex-1 bg-canvas p-6">
        <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,36rem)_minmax(16rem,1fr)] gap-10 max-[900px]:grid-cols-1">
          <section>
            <h1 className="m-0 text-title font-semibold">{t('close.title')}</h1>
            <p className="mt-1 mb-4 text-small text-ink-soft">{t('close.intro')}</p>
            <CountForm
              count={screen.count}
              onCount={(count) => setScreen((held) => changeCount(held, count))}
              onDone={() => button.current?.focus()}
              disabled={screen.stage !== 'counting'}
            />
          </section>
          <aside className="sticky top-0 flex flex-col gap-4 self-start">
            <p className="m-0 text-small text-ink-soft">{t('closed.counted')}</p>
            <p className="m-0 text-total font-semibold leading-tight">
              <MoneyText amount={countedMinor} currency={currency} />
            </p>
            <OpenAdvances />
            <Field
              size="touch"
              label={t('close.note')}
              value={screen.note}
              disabled={screen.stage !== 'counting'}
              onChange={(event) => setScreen((held) => changeNote(held, event.target.value))}
            />
            {screen.stage === 'counting' ? (
              <>
                <Button ref={button} size="pay" look="primary" onClick={() => setScreen(askSure)}>
                  {t('close.action')}
                </Button>
                <Button size="touch" look="quiet" onClick={onBack} shortcut="Esc">
                  {t('close.keepSelling')}
                </Button>
                <p role="alert" className="m-0 min-h-6 text-small text-danger">
                  {screen.refusal !== undefined &&
                    t(refusalKey(screen.refusal), { code: screen.refusal })}
                </p>
              </>
            ) : (
              <div role="alertdialog" aria-label={t('close.sure')} className="flex flex-col gap-3">
                <p className="m-0 text-body font-semibold">{t('close.sure')}</p>
                <p className="m-0 text-small text-ink-soft">
                  {t('close.sureText', {
                    amount: formatMoney(countedMinor, { currency, language }),
                  })}
                </p>
                <Button
                  size="pay"
                  look="primary"
                  disabled={saving}
                  autoFocus
                  onClick={() => void close()}
                >
                  {saving ? t('pay.saving') : t('close.action')}
                </Button>
                <Button
                  size="touch"
                  disabled={saving}
                  shortcut="Esc"
                  onClick={() => setScreen(countAgain)}
                >
                  {t('close.back')}
                </Button>
              </div>
            )}
          </aside>
        </div>
      </main>
    </div>
  )
}
