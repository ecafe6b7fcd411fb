import type { Minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { getCurrency } from '../app/node.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'

/** Said once a float is sealed: the drawer was not as it was left. */
export function OpeningDifferenceScreen({
  varianceMinor,
  onDone,
}: {
  readonly varianceMinor: Minor
  readonly onDone: () => void
}) {
  const t = useText()
  const currency = getCurrency(useNode())
  const short = varianceMinor < 0
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onDone} />
      <main className="grid flex-1 place-items-center bg-canvas p-6">
        <section className="max-w-xl">
          <h1 className="m-0 text-title font-semibold">{t('open.difference')}</h1>
          <p
            data-opening-variance={varianceMinor}
            className={`mt-4 mb-0 text-total font-semibold leading-tight ${short ? 'text-danger' : 'text-warn'}`}
          >
            <MoneyText amount={varianceMinor} currency={currency} sign="always" />
            <span className="block text-body">{t(`ui.variance.${short ? 'short' : 'over'}`)}</span>
          </p>
          <p className="mt-3 mb-6 text-small text-ink-soft">
            {t(short ? 'open.differenceShort' : 'open.differenceOver')}
          </p>
          <Button size="pay" look="primary" shortcut="Enter" autoFocus onClick={onDone}>
            {t('open.goOn')}
          </Button>
        </section>
      </main>
    </div>
  )
}
