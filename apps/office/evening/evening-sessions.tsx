import { Link } from '@tanstack/react-router'
import type { EveningSession } from '@tillkeeper/client/api/evening-shapes.ts'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { ChevronRight, Circle, CircleCheck, CircleDot } from 'lucide-react'
import { useText } from '../messages/use-text.ts'
import { useShopName, useShops, useTimeZone } from '../shell/use-scope.ts'
import { describeClass, type SessionStep, stepOf } from './describe-evening.ts'

/** The sessions of a day, each on its way to being done; a line opens its evidence. */
export function EveningSessions({ sessions }: { readonly sessions: readonly EveningSession[] }) {
  return (
    <ul className="m-0 list-none p-0 pb-2">
      {sessions.map((session) => (
        <SessionLine key={session.id} session={session} />
      ))}
    </ul>
  )
}

function SessionLine({ session }: { readonly session: EveningSession }) {
  const t = useText()
  const zone = useTimeZone()(session.shopId)
  const shopName = useShopName()
  const many = useShops().length > 1
  const step = stepOf(session)
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to="/tills/$sessionId"
        params={{ sessionId: session.id }}
        className="grid grid-cols-[1.5rem_minmax(0,1fr)_1rem] items-center gap-x-3 px-5 py-2.5 text-ink no-underline hover:bg-hover sm:grid-cols-[1.5rem_minmax(0,1fr)_minmax(9rem,auto)_13rem_1rem]"
      >
        <StepMark step={step} />
        <span className="min-w-0">
          <span className="block font-medium">
            {t('till.number', { number: session.tillNumber })} · {session.staffName}
          </span>
          <span className="block text-small text-ink-soft">
            {many && `${shopName(session.shopId)} · `}
            <DateText instant={session.openedAt} timeZone={zone} form="time" />
            {session.closedAt !== null && (
              <>
                {' – '}
                <DateText instant={session.closedAt} timeZone={zone} form="time" />
              </>
            )}
            {session.note !== '' && ` · “${session.note}”`}
          </span>
        </span>
        <span className="col-start-2 text-small sm:col-start-auto sm:text-right">
          {session.counts.map((count) => (
            <span key={count.currency} className="block">
              <VarianceText
                amount={count.varianceMinor}
                currency={count.currency}
                unit={session.counts.length > 1 ? 'show' : 'hide'}
              />
            </span>
          ))}
        </span>
        <span className="col-start-2 text-small sm:col-start-auto">
          <NextStep session={session} step={step} />
        </span>
        <ChevronRight
          aria-hidden="true"
          size={16}
          className="col-start-3 row-start-1 text-ink-faint sm:col-start-auto sm:row-start-auto"
        />
      </Link>
    </li>
  )
}

function StepMark({ step }: { readonly step: SessionStep }) {
  if (step === 'done') return <CircleCheck aria-hidden="true" size={20} className="text-good" />
  if (step === 'open') return <Circle aria-hidden="true" size={20} className="text-ink-faint" />
  return (
    <CircleDot
      aria-hidden="true"
      size={20}
      className={step === 'explain' ? 'text-warn' : 'text-accent'}
    />
  )
}

function NextStep({
  session,
  step,
}: {
  readonly session: EveningSession
  readonly step: SessionStep
}) {
  const t = useText()
  if (step === 'done') {
    return (
      <span className="text-good">{t('evening.verifiedBy', { name: session.verifiedByName })}</span>
    )
  }
  if (session.own && step !== 'open') {
    return <span className="text-ink-soft">{t('evening.own')}</span>
  }
  if (step === 'explain') {
    const { tone, text } = describeClass(session.class)
    return <StatusDot tone={tone} text={t(text)} />
  }
  if (step === 'verify') return <StatusDot tone="idle" text={t('evening.toVerify')} />
  return <StatusDot tone="idle" text={t('evening.toCount')} />
}
