import { assert } from '@tillkeeper/core/base/assert.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { type RefObject, useRef, useState } from 'react'
import { getCurrency, getShop, makeId, may, type TillNode } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { OpenAdvances } from '../expense/open-advances.tsx'
import { findHere } from '../journal/book-session.ts'
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
  takeBothCounts,
} from './close-till-state.ts'
import { CountForm, CountFrame, CountTotals, CurrencyTabs, useCurrencies } from './count-form.tsx'
import { FloatPlan } from './float-plan.tsx'
import { askCountAgain } from './recount-till.ts'
import { SecondCountScreen } from './second-count.tsx'

/** A blind count ends the session: the count first, then, sealed, what it means. */
export function CloseTillScreen({
  sessionId: asked,
  onClosed,
  onBack,
}: {
  /** One that was ended and waits for its count. Left out: the one that people work in. */
  readonly sessionId?: string | undefined
  readonly onClosed: (closed: ClosedSession) => void
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  useTill(({ directory }) => directory)
  const book = useTill((state) => state.book)
  // Sealed, the session leaves the book while its result is on its way to the screen.
  const session = useRef(asked === undefined ? book.session : findHere(book, asked)).current
  const own = getCurrency(node)
  const [screen, setScreen] = useState<CloseScreen>(() => startClose(own, getShop(node).floatMinor))
  const [second, setSecond] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const currencies = useCurrencies()
  const [currency, setCurrency] = useState(own)
  // A drawer that is counted while another one is worked with leaves nothing in that one.
  const leaves = book.session === undefined || book.session.id === session?.id
  const seal = useSeal(node, { sessionId: session?.id ?? '', own, leaves })

  const close = async () => {
    const next = startClosing(screen)
    if (next.stage !== 'saving' || screen.stage === 'saving') return
    setScreen(next)
    const sealed = await seal(next)
    if (sealed.is === 'closed') return onClosed(sealed.closed)
    if (sealed.is === 'refused') return setScreen((held) => backToCount(held, sealed.code))
    setCurrency(own)
    setScreen(countOnceMore)
  }
  useKeys((event) => {
    if (event.key !== 'Escape' || screen.stage === 'saving' || second) return false
    if (screen.stage === 'sure') setScreen(backToCount)
    else onBack()
    return true
  })

  if (!may(node, 'till.close') || session === undefined) return <NotAllowed onBack={onBack} />
  if (second) {
    return (
      <SecondCountScreen
        {...{ currencies }}
        sessionId={session.id}
        first={screen.counts}
        onCounted={(counts, name) => {
          setScreen((held) => takeBothCounts(held, counts, name))
          setSecond(false)
        }}
        onBack={() => setSecond(false)}
      />
    )
  }
  const again = screen.stage === 'counting' && screen.again === true
  return (
    <CountFrame
      title={t('close.title')}
      intro={asked === undefined ? t('close.intro') : <OfOther staffId={session.staffId} />}
      notice={again ? t('close.again') : undefined}
      onLeave={onBack}
      aside={
        <Aside
          {...{ screen, own, currency, onBack, button, leaves }}
          later={asked !== undefined}
          onScreen={setScreen}
          onSeal={() => void close()}
          onSecond={() => setSecond(true)}
        />
      }
    >
      <CurrencyTabs
        {...{ currencies }}
        counts={screen.counts}
        chosen={currency}
        onChoose={setCurrency}
      />
      <CountForm
        key={`${currency} ${again}`}
        currency={currency}
        count={countOf(screen, currency)}
        onCount={(count) => setScreen((held) => changeCount(held, currency, count))}
        onDone={() => button.current?.focus()}
        disabled={screen.stage !== 'counting'}
      />
    </CountFrame>
  )
}

/** Whose session it is, where it is not that of who counts. */
function OfOther({ staffId }: { readonly staffId: string }) {
  const t = useText()
  const name = useTill(({ directory }) => directory.people.get(staffId)?.name) ?? '?'
  return <>{t('close.ofOther', { name })}</>
}

type Sealed =
  | { readonly is: 'closed'; readonly closed: ClosedSession }
  | { readonly is: 'again' }
  | { readonly is: 'refused'; readonly code: string }

/** Seals a count, or asks for it once more. One id for all tries: pressed twice it closes once. */
function useSeal(
  node: TillNode,
  of: { readonly sessionId: string; readonly own: Currency; readonly leaves: boolean },
): (screen: CloseScreen) => Promise<Sealed> {
  const id = useRef(makeId(node.nowMs()))
  return async (screen) => {
    const { sessionId, own, leaves } = of
    const [counted, ...others] = listCounts(screen, own)
    assert(counted !== undefined, 'the drawer’s own currency is counted first')
    if (screen.secondBy === undefined) {
      const again = await askCountAgain(node, sessionId, [counted, ...others])
      if (!again.ok) return { is: 'refused', code: again.refusal.code }
      if (again.value) return { is: 'again' }
    }
    const note = screen.note.trim()
    const closed = await closeTill(node, {
      ...{ id: id.current, sessionId, others },
      ...{ countedMinor: counted.countedMinor, pieces: counted.pieces ?? [] },
      left: leaves ? listLeft(screen) : [],
      ...(note !== '' && { note }),
    })
    if (closed.ok) return { is: 'closed', closed: closed.value }
    return { is: 'refused', code: closed.refusal.code }
  }
}

function Aside({
  screen,
  own,
  currency,
  button,
  leaves,
  later,
  onScreen,
  onSeal,
  onSecond,
  onBack,
}: {
  readonly screen: CloseScreen
  readonly own: Currency
  /** The one that is being counted: what stays is said of each by itself. */
  readonly currency: Currency
  /** Whether some of it can stay in this till's drawer. */
  readonly leaves: boolean
  /** It waits already, and can go on waiting. */
  readonly later: boolean
  readonly onSecond: () => void
  readonly button: RefObject<HTMLButtonElement | null>
  readonly onScreen: (change: (held: CloseScreen) => CloseScreen) => void
  readonly onSeal: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const plan = planFloat(screen, currency)
  const counting = screen.stage === 'counting'
  return (
    <>
      <CountTotals counts={listCounts(screen, own)} />
      <OpenAdvances />
      {leaves && (
        <AmountField
          key={currency}
          label={t('float.leave')}
          currency={currency}
          start={screen.leaves.get(currency) ?? minor(0)}
          disabled={!counting}
          onAmount={(amount) => onScreen((held) => changeLeave(held, currency, amount))}
        />
      )}
      {leaves && plan !== undefined && countOf(screen, currency).size > 0 && (
        <FloatPlan {...{ plan, currency }} />
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
          {screen.secondBy === undefined ? (
            screen.counts.size > 0 && (
              <Button size="touch" onClick={onSecond}>
                {t('second.ask')}
              </Button>
            )
          ) : (
            <p role="status" className="m-0 text-small font-semibold text-good">
              {t('second.made', { name: screen.secondBy })}
            </p>
          )}
          <Button size="touch" look="quiet" onClick={onBack} shortcut="Esc">
            {t(later ? 'close.later' : 'close.keepSelling')}
          </Button>
          <p role="alert" className="m-0 min-h-6 text-small text-danger">
            {screen.refusal !== undefined &&
              t(refusalKey(screen.refusal), { code: screen.refusal })}
          </p>
        </>
      ) : (
        <Sure {...{ screen, own, onSeal }} onBack={() => onScreen(backToCount)} />
      )}
    </>
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
