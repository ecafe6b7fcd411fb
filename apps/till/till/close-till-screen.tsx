import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { type RefObject, useRef, useState } from 'react'
import { getCurrency, getRates, getShop, makeId, may } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { OpenAdvances } from '../expense/open-advances.tsx'
import type { ClosedSession } from '../journal/kept.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { AmountField } from './amount-field.tsx'
import { closeTill } from './close-till.ts'
import {
  askSure,
  backToCount,
  type CloseScreen,
  changeCount,
  changeLeave,
  changeNote,
  countOf,
  countOnceMore,
  listCounts,
  listLeft,
  planFloat,
  startClose,
  startClosing,
} from './close-till-state.ts'
import { CountForm, CurrencyTabs } from './count-form.tsx'
import { FloatPlan } from './float-plan.tsx'
import { askCountAgain } from './recount-till.ts'

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
  useTill(({ directory }) => directory)
  const [screen, setScreen] = useState<CloseScreen>(() => startClose(getShop(node).floatMinor))
  const id = useRef(makeId(node.nowMs()))
  const button = useRef<HTMLButtonElement>(null)
  const own = getCurrency(node)
  const currencies = useCurrencies(own)
  const [currency, setCurrency] = useState(own)
  const saving = screen.stage === 'saving'

  const close = async () => {
    const next = startClosing(screen)
    if (next.stage !== 'saving' || saving) return
    setScreen(next)
    const [counted, ...others] = listCounts(screen, own)
    if (counted === undefined) return
    const { session } = node.state.getState().book
    const again = await askCountAgain(node, session?.id ?? '', [counted, ...others])
    if (!again.ok) return setScreen((held) => backToCount(held, again.refusal.code))
    if (again.value) {
      setCurrency(own)
      return setScreen(countOnceMore)
    }
    const note = screen.note.trim()
    const closed = await closeTill(node, {
      id: id.current,
      countedMinor: counted.countedMinor,
      pieces: counted.pieces ?? [],
      others,
      left: listLeft(screen, own),
      ...(note !== '' && { note }),
    })
    if (closed.ok) onClosed(closed.value)
    else setScreen((held) => backToCount(held, closed.refusal.code))
  }
  useKeys((event) => {
    if (event.key !== 'Escape' || saving) return false
    if (screen.stage === 'sure') setScreen(backToCount)
    else onBack()
    return true
  })

  if (!may(node, 'till.close')) return <NotAllowed onBack={onBack} />
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onBack} />
      <main className="scrolls flex-1 bg-canvas p-6">
        <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,36rem)_minmax(16rem,1fr)] gap-10 max-[900px]:grid-cols-1">
          <section>
            <h1 className="m-0 text-title font-semibold">{t('close.title')}</h1>
            <p className="mt-1 mb-4 text-small text-ink-soft">{t('close.intro')}</p>
            {screen.stage === 'counting' && screen.again === true && (
              <p
                role="status"
                className="mt-0 mb-4 rounded-md bg-warn-soft px-4 py-3 text-body font-semibold"
              >
                {t('close.again')}
              </p>
            )}
            <CurrencyTabs currencies={currencies} chosen={currency} onChoose={setCurrency} />
            <CountForm
              currency={currency}
              count={countOf(screen, currency)}
              onCount={(count) => setScreen((held) => changeCount(held, currency, count))}
              onDone={() => button.current?.focus()}
              disabled={screen.stage !== 'counting'}
            />
          </section>
          <Aside
            {...{ screen, own, onBack, button }}
            onScreen={setScreen}
            onSeal={() => void close()}
          />
        </div>
      </main>
    </div>
  )
}

/** What a drawer may hold: its own currency, those that are taken here, and those that came in. */
function useCurrencies(own: Currency): readonly Currency[] {
  const node = useNode()
  const others = useTill(({ book }) => book.session?.totals.others)
  const taken = getRates(node, new Date(node.nowMs()).toISOString()).keys()
  const all = new Set([...taken, ...(Object.keys(others ?? {}) as Currency[])])
  all.delete(own)
  return [own, ...[...all].sort()]
}

function Aside({
  screen,
  own,
  button,
  onScreen,
  onSeal,
  onBack,
}: {
  readonly screen: CloseScreen
  readonly own: Currency
  readonly button: RefObject<HTMLButtonElement | null>
  readonly onScreen: (change: (held: CloseScreen) => CloseScreen) => void
  readonly onSeal: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const plan = planFloat(screen, own)
  const counting = screen.stage === 'counting'
  return (
    <aside className="sticky top-0 flex flex-col gap-4 self-start">
      <p className="m-0 text-small text-ink-soft">{t('closed.counted')}</p>
      {listCounts(screen, own).map(({ currency, countedMinor }) => (
        <p key={currency} className="m-0 text-total font-semibold leading-tight">
          <MoneyText amount={countedMinor} currency={currency} />
        </p>
      ))}
      <OpenAdvances />
      <AmountField
        label={t('float.leave')}
        currency={own}
        start={screen.leaveMinor}
        disabled={!counting}
        onAmount={(amount) => onScreen((held) => changeLeave(held, amount))}
      />
      {plan !== undefined && countOf(screen, own).size > 0 && (
        <FloatPlan plan={plan} currency={own} />
      )}
      <Field
        size="touch"
        label={t('close.note')}
        value={screen.note}
        disabled={!counting}
        onChange={(event) => onScreen((held) => changeNote(held, event.target.value))}
      />
      {screen.stage === 'counting' ? (
        <>
          <Button ref={button} size="pay" look="primary" onClick={() => onScreen(askSure)}>
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
        <Sure {...{ screen, own, onSeal }} onBack={() => onScreen(backToCount)} />
      )}
    </aside>
  )
}

/** The last look before a count is sealed. */
function Sure({
  screen,
  own,
  onSeal,
  onBack,
}: {
  readonly screen: CloseScreen
  readonly own: Currency
  readonly onSeal: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const saving = screen.stage === 'saving'
  const amount = formatMoney(totalOf(countOf(screen, own)), { currency: own, language })
  return (
    <div role="alertdialog" aria-label={t('close.sure')} className="flex flex-col gap-3">
      <p className="m-0 text-body font-semibold">{t('close.sure')}</p>
      <p className="m-0 text-small text-ink-soft">{t('close.sureText', { amount })}</p>
      <Button size="pay" look="primary" disabled={saving} autoFocus onClick={onSeal}>
        {saving ? t('pay.saving') : t('close.action')}
      </Button>
      <Button size="touch" disabled={saving} shortcut="Esc" onClick={onBack}>
        {t('close.back')}
      </Button>
    </div>
  )
}

function NotAllowed({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
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
