import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../words/use-text.ts'
import { getShop, getTillPlace } from './node.ts'
import { isClockOff } from './till-clock.ts'
import { useMinute, useNode, useTill } from './use-till.ts'

/** The line at the top of every working screen: where, who, what is not sent yet, and the time. */
export function TopBar({
  onLock,
  onUnsent,
  children,
}: {
  readonly onLock: () => void
  readonly onUnsent?: (() => void) | undefined
  readonly children?: ReactNode
}) {
  const t = useText()
  const node = useNode()
  const person = useTill((state) => state.person)
  useTill(({ directory }) => directory)
  const shop = getShop(node)
  const { number } = getTillPlace(node)
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
      <div className="flex min-w-0 items-center gap-2 text-small">
        <span className="truncate font-semibold max-[1100px]:hidden">{shop.name}</span>
        <span className="whitespace-nowrap text-ink-soft">{t('till.name', { number })}</span>
        {person !== undefined && (
          <button
            type="button"
            onClick={onLock}
            title={t('bar.switch')}
            className="inline-flex min-h-12 items-center gap-2 rounded-md border border-line px-3 font-medium hover:bg-hover"
          >
            <Lock aria-hidden="true" size={16} />
            <span className="max-w-32 truncate">{person.name}</span>
            <span className="sr-only">{t('bar.switch')}</span>
          </button>
        )}
      </div>
      <div className="min-w-0 flex-1">{children}</div>
      <Unsent onPress={onUnsent} />
      <Clock timeZone={shop.timeZone} />
    </header>
  )
}

/**
 * How many facts only this device has, and, while the store server is away, a quiet line that says what
 * becomes of them. It stands in the bar, so that nothing moves when the line falls or comes back.
 */
export function Unsent({ onPress }: { readonly onPress?: (() => void) | undefined }) {
  const t = useText()
  const unsent = useTill(({ sent }) => sent.unsent)
  const down = useTill(({ line }) => line.is === 'down')
  const needsPerson = useTill(({ problems }) => problems.length > 0)
  const calm = unsent === 0 && !needsPerson && !down
  return (
    <button
      type="button"
      onClick={onPress}
      disabled={onPress === undefined}
      data-unsent={unsent}
      className={joinClasses(
        'inline-flex min-h-12 min-w-44 items-center justify-end gap-2.5 rounded-md px-3 text-right text-small font-medium whitespace-nowrap',
        onPress !== undefined && 'hover:bg-hover',
        calm ? 'text-ink' : 'bg-warn-soft text-warn',
      )}
    >
      <span
        aria-hidden="true"
        className={joinClasses(
          'size-2.5 shrink-0',
          calm ? 'rounded-full' : 'rotate-45 rounded-[1px]',
          calm ? 'bg-good' : 'bg-warn',
        )}
      />
      <span role="status" className="leading-tight" data-offline={down}>
        {t('bar.unsent', { count: unsent })}
        {down && (
          <span className="block text-[0.8125rem] leading-[1.5] font-normal">
            {unsent === 0 ? t('bar.noLine') : t('bar.keptHere')}
          </span>
        )}
      </span>
    </button>
  )
}

function Clock({ timeZone }: { readonly timeZone: string }) {
  const t = useText()
  const [language] = useLanguage()
  const instant = new Date(useMinute()).toISOString()
  // The device may show another time beside it: this is the one that receipts bear.
  const off = useTill(({ clock }) => isClockOff(clock))
  return (
    <time
      dateTime={instant}
      className="text-right text-small leading-tight font-medium whitespace-nowrap"
    >
      {formatInstant(instant, 'time', { language, timeZone })}
      {off && (
        <span className="block text-[0.8125rem] leading-[1.5] font-normal text-ink-soft">
          {t('bar.storeTime')}
        </span>
      )}
    </time>
  )
}
