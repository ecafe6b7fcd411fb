import { useTill } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'

/** A till that was just set up fetches products and people once; how far it has come is shown. */
export function PreparingScreen() {
  const t = useText()
  const held = useTill(({ feedHeld }) => feedHeld)
  const head = useTill(({ feedHead }) => feedHead)
  const down = useTill(({ line }) => line.is === 'down')
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="w-full max-w-md">
        <h1 className="m-0 text-title font-semibold">{t('preparing.title')}</h1>
        <progress
          aria-label={t('preparing.title')}
          max={Math.max(1, head)}
          value={held}
          className="mt-4 h-2 w-full accent-(--accent)"
        />
        <p role="status" className="mt-2 text-small text-ink-soft">
          {down ? t('preparing.waiting') : t('preparing.count', { held, head })}
        </p>
      </div>
    </main>
  )
}
