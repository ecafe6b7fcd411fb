import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { packOf } from '@tillkeeper/core/money/packs.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { type CashCount, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { typePieces } from '@tillkeeper/ui/denomination/type-pieces.ts'
import type { KeypadKey } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { type ReactNode, useRef, useState, useSyncExternalStore } from 'react'
import { getCurrency, getRates } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useNode, useTill } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'

/** What every screen has on which a drawer is counted: the count, the keys, and what is done with it. */
export function CountFrame({
  title,
  intro,
  notice,
  onLeave,
  children,
  aside,
}: {
  readonly title: string
  readonly intro: ReactNode
  /** Said once more, before it is counted again. */
  readonly notice?: string | undefined
  readonly onLeave: () => void
  readonly children: ReactNode
  readonly aside: ReactNode
}) {
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onLeave} />
      <main className="scrolls flex-1 bg-canvas p-6 max-[600px]:p-4">
        <div className="mx-auto grid max-w-7xl grid-cols-[minmax(0,53rem)_minmax(16rem,1fr)] gap-10 max-[1100px]:max-w-5xl max-[1100px]:grid-cols-[minmax(0,36rem)_minmax(16rem,1fr)] max-[900px]:grid-cols-1">
          <section>
            <h1 className="m-0 text-title font-semibold">{title}</h1>
            <p className="mt-1 mb-4 text-small text-ink-soft">{intro}</p>
            {notice !== undefined && (
              <p
                role="status"
                className="mt-0 mb-4 rounded-md bg-warn-soft px-4 py-3 text-body font-semibold"
              >
                {notice}
              </p>
            )}
            {children}
          </section>
          <aside className="sticky top-0 flex flex-col gap-4 self-start">{aside}</aside>
        </div>
      </main>
    </div>
  )
}

/** What was counted of each currency, large. */
export function CountTotals({
  counts,
}: {
  readonly counts: readonly { readonly currency: Currency; readonly countedMinor: Minor }[]
}) {
  const t = useText()
  return (
    <div>
      <p className="m-0 mb-1 text-small text-ink-soft">{t('closed.counted')}</p>
      {counts.map(({ currency, countedMinor }) => (
        <p key={currency} className="m-0 text-total font-semibold leading-tight">
          <MoneyText amount={countedMinor} currency={currency} />
        </p>
      ))}
    </div>
  )
}

/** Counts a drawer by denomination: blank at first, and blind; by keyboard, by touch, or by the keypad. */
export function CountForm({
  count,
  onCount,
  onDone,
  disabled,
  currency,
  faces,
}: {
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
  readonly onDone: () => void
  readonly disabled: boolean
  /** Left out: the shop's. */
  readonly currency?: Currency
  /** Left out: all of the currency's. */
  readonly faces?: readonly Minor[] | undefined
}) {
  const own = getCurrency(useNode())
  const counted = currency ?? own
  const rows = faces ?? denominationsOf(counted).map(({ faceMinor }) => faceMinor)
  const wide = useWide()
  const table = useRef<HTMLDivElement>(null)
  const [face, setFace] = useState(rows[0])
  // The first digit takes the place of what stood in the row, as it does by keyboard.
  const fresh = useRef(true)
  const goNext = () => {
    const inputs = [...(table.current?.querySelectorAll('input') ?? [])]
    const at = inputs.findIndex((input) => input.dataset.face === String(face))
    const next = inputs[at + 1]
    if (next === undefined) onDone()
    else next.focus()
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_15rem] items-start gap-8 max-[1100px]:grid-cols-1">
      <div ref={table} className="min-w-0">
        <DenominationTable
          key={counted}
          currency={counted}
          faces={rows}
          count={count}
          onCount={onCount}
          onDone={onDone}
          disabled={disabled}
          packOf={(each) => packOf(counted, each)}
          onFace={(each) => {
            fresh.current = true
            setFace(each)
          }}
          hasKeypad={wide}
          autoFocus
        />
      </div>
      {wide && face !== undefined && (
        <PiecesPad
          {...{ face, disabled }}
          currency={counted}
          pieces={count.get(face)}
          onKey={(key) => {
            onCount(typePieces(count, { face, key, fresh: fresh.current }))
            fresh.current = false
          }}
          onNext={goNext}
        />
      )}
    </div>
  )
}

/** The keys that type the pieces of one face. */
function PiecesPad({
  face,
  currency,
  pieces,
  disabled,
  onKey,
  onNext,
}: {
  readonly face: Minor
  readonly currency: Currency
  readonly pieces: number | undefined
  readonly disabled: boolean
  readonly onKey: (key: KeypadKey) => void
  readonly onNext: () => void
}) {
  const t = useText()
  const [language] = useLanguage()
  return (
    <div className="sticky top-0 flex flex-col gap-3">
      <p className="m-0 flex h-12 items-center justify-between rounded-md bg-sunken px-4">
        <span className="text-small text-ink-soft">
          {t('count.keypad', { face: formatFace(face, { currency, language }) })}
        </span>
        <span className="text-title font-semibold">{pieces ?? '–'}</span>
      </p>
      <Keypad corner="clear" disabled={disabled} onKey={onKey} />
      <Button size="pay" shortcut="Enter" disabled={disabled} onClick={onNext}>
        {t('count.next')}
      </Button>
    </div>
  )
}

/** The currencies of a drawer, one table each; nothing where there is only one. */
export function CurrencyTabs({
  currencies,
  chosen,
  counts,
  onChoose,
}: {
  readonly currencies: readonly Currency[]
  readonly chosen: Currency
  /** A currency of which something was counted says so. */
  readonly counts?: ReadonlyMap<Currency, CashCount> | undefined
  readonly onChoose: (currency: Currency) => void
}) {
  const t = useText()
  if (currencies.length < 2) return null
  return (
    <div role="tablist" aria-label={t('count.currencies')} className="mb-4 flex flex-wrap gap-2">
      {currencies.map((currency) => {
        const count = counts?.get(currency)
        return (
          <button
            key={currency}
            type="button"
            role="tab"
            aria-selected={currency === chosen}
            onClick={() => onChoose(currency)}
            className={joinClasses(
              'h-12 min-w-20 rounded-md border px-4 text-body font-semibold',
              currency === chosen
                ? 'border-accent bg-accent-soft text-ink'
                : 'border-line bg-surface text-ink-soft hover:bg-hover',
            )}
          >
            {currency}
            {count !== undefined && count.size > 0 && (
              <span className="ml-2 text-small font-normal">
                <MoneyText amount={totalOf(count)} currency={currency} unit="hide" />
              </span>
            )}
          </button>
        )
      })}
    </div>
  )
}

/**
 * What a drawer may hold: the shop's currency, those that are taken here, those that came into it, and those
 * that its last close left.
 */
export function useCurrencies(): readonly Currency[] {
  const node = useNode()
  const book = useTill((state) => state.book)
  useTill(({ directory }) => directory)
  const own = getCurrency(node)
  const taken = getRates(node, new Date(node.nowMs()).toISOString()).keys()
  const held = [book.session, ...(book.waiting ?? [])].flatMap(
    (session) => Object.keys(session?.totals.others ?? {}) as Currency[],
  )
  const left = (book.lastClosed?.close.left ?? []).map(({ currency }) => currency)
  const all = new Set([...taken, ...held, ...left])
  all.delete(own)
  return [own, ...[...all].sort()]
}

const wideQuery = '(min-width: 1101px)'

/** Whether a keypad has room beside the count. Where it has none the device shows its own. */
function useWide(): boolean {
  return useSyncExternalStore(
    (hear) => {
      const query = window.matchMedia(wideQuery)
      query.addEventListener('change', hear)
      return () => query.removeEventListener('change', hear)
    },
    () => window.matchMedia(wideQuery).matches,
  )
}
