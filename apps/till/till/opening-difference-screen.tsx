import { Button } from '@tillkeeper/ui/button/button.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { TopBar } from '../app/top-bar.tsx'
import { useText } from '../words/use-text.ts'
import type { OpeningDifference } from './open-till.ts'

/** Said once a float is sealed: the drawer was not as it was left, in one currency or in several. */
export function OpeningDifferenceScreen({
  differences,
  onDone,
}: {
  readonly differences: readonly OpeningDifference[]
  readonly onDone: () => void
}) {
  const t = useText()
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onDone} />
      <main className="scrolls grid flex-1 place-items-center bg-canvas p-6">
        <section className="max-w-xl">
          <h1 className="m-0 text-title font-semibold">{t('open.difference')}</h1>
          {differences.map(({ currency, varianceMinor }) => {
            const short = varianceMinor < 0
            return (
              <div key={currency}>
                <p
                  data-opening-variance={varianceMinor}
                  className={`mt-4 mb-0 text-total font-semibold leading-tight ${short ? 'text-danger' : 'text-warn'}`}
                >
                  <MoneyText amount={varianceMinor} currency={currency} sign="always" />
                  <span className="block text-body">
                    {t(`ui.variance.${short ? 'short' : 'over'}`)}
                  </span>
                </p>
                <p className="mt-3 mb-0 text-small text-ink-soft">
                  {t(short ? 'open.differenceShort' : 'open.differenceOver')}
                </p>
              </div>
            )
          })}
          <Button
            size="pay"
            look="primary"
            shortcut="Enter"
            autoFocus
            className="mt-6"
            onClick={onDone}
          >
            {t('open.goOn')}
          </Button>
        </section>
      </main>
    </div>
  )
}
