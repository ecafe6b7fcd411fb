import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { TopBar } from '../app/top-bar.tsx'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import type { ClosedSession } from '../journal/kept.ts'
import { printText } from '../receipt/print.tsx'
import { ReceiptPaper } from '../receipt/receipt-paper.tsx'
import { useText } from '../words/use-text.ts'
import { viewSession } from './view-session.ts'

/** What the sealed count came to: expected, counted, and the difference with its sign and its word. */
export function ClosedScreen({
  closed,
  onDone,
}: {
  readonly closed: ClosedSession
  readonly onDone: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const { currency, close } = closed
  const report = receiptText(viewSession(node, closed, 'z'), { language })
  const said = close.varianceMinor === 0 ? 'exact' : close.varianceMinor < 0 ? 'short' : 'over'
  useKeys((event) => {
    if (event.key !== 'Escape') return false
    onDone()
    return true
  })
  return (
    <div className="flex h-full flex-col">
      <TopBar onLock={onDone} />
      <main className="scrolls grid flex-1 place-items-center bg-canvas p-6">
        <div className="grid w-full max-w-4xl grid-cols-[minmax(0,1fr)_auto] items-start gap-10 max-[900px]:grid-cols-1">
          <section>
            <h1 className="m-0 text-title font-semibold">{t('closed.title')}</h1>
            <dl className="mt-6 mb-0 text-body">
              <div className="flex items-baseline justify-between py-2">
                <dt className="text-ink-soft">{t('closed.expected')}</dt>
                <dd className="m-0">
                  <MoneyText amount={close.expectedMinor} currency={currency} />
                </dd>
              </div>
              <div className="flex items-baseline justify-between py-2">
                <dt className="text-ink-soft">{t('closed.counted')}</dt>
                <dd className="m-0">
                  <MoneyText amount={close.countedMinor} currency={currency} />
                </dd>
              </div>
              <div className="mt-2 flex items-baseline justify-between border-t-2 border-ink pt-3">
                <dt className="font-semibold">{t('closed.variance')}</dt>
                <dd
                  data-variance={close.varianceMinor}
                  className={joinClasses(
                    'm-0 text-right text-total font-semibold leading-tight',
                    said === 'exact' && 'text-good',
                    said === 'short' && 'text-danger',
                    said === 'over' && 'text-warn',
                  )}
                >
                  <MoneyText amount={close.varianceMinor} currency={currency} sign="always" />
                  <span className="block text-body">{t(`ui.variance.${said}`)}</span>
                </dd>
              </div>
            </dl>
            <p className="mt-4 text-small text-ink-soft">{t(`closed.${said}`)}</p>
            <div className="mt-6 flex gap-2">
              <Button size="pay" onClick={() => printText(report)}>
                {t('closed.print')}
              </Button>
              <Button size="pay" look="primary" shortcut="Enter" autoFocus onClick={onDone}>
                {t('closed.done')}
              </Button>
            </div>
          </section>
          <ReceiptPaper
            text={report}
            className="rounded-sm border border-line bg-surface px-5 py-4 max-[900px]:hidden"
          />
        </div>
      </main>
    </div>
  )
}
