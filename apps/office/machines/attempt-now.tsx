import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { SmallBar } from '@tillkeeper/ui/figure/small-bar.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import type { AttemptOrder } from '../api/machine-questions.ts'
import { ActDialog } from '../cash/act-dialog.tsx'
import { CashText } from '../cash/cash-text.tsx'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { useStaffName } from '../shell/use-scope.ts'
import {
  describeEnding,
  describeMachineRefusal,
  describeProgress,
  describeWork,
} from './describe-machine.ts'
import { WorkText } from './work-text.tsx'

/** What a machine does this moment, or did last, with what a person can tell it. */
export function AttemptNow({
  attempt,
  onOpen,
  onGive,
}: {
  readonly attempt: AttemptView
  /** Its sheet: evidence, and saying how it ended. */
  readonly onOpen: () => void
  /** Gives what it took in other pieces: the second half of an exchange. */
  readonly onGive: (() => void) | undefined
}) {
  const t = useText()
  const isEnded = attempt.state === 'ended'
  return (
    <Section
      title={isEnded ? t('machine.last') : t('machine.now')}
      className={isEnded ? '' : 'border-t-2! border-t-accent!'}
      action={
        <Button look="quiet" onClick={onOpen}>
          {t('machine.attempt.open')}
        </Button>
      }
    >
      <div
        data-attempt={attempt.attemptId}
        data-attempt-state={attempt.state}
        data-inserted={attempt.insertedMinor}
        data-ending={attempt.ending ?? ''}
        className="flex flex-col gap-3 px-5 pb-4"
      >
        {isEnded ? <Ended attempt={attempt} /> : <UnderWay attempt={attempt} />}
        {isEnded && attempt.ending === 'unresolved' && (
          <p className="m-0">
            <Button onClick={onOpen}>{t('machine.attempt.evidence')}</Button>
          </p>
        )}
        {onGive !== undefined && (
          <p className="m-0">
            <Button look="primary" onClick={onGive}>
              {t('machine.giveBack')}
            </Button>
          </p>
        )}
      </div>
    </Section>
  )
}

function UnderWay({ attempt }: { readonly attempt: AttemptView }) {
  const t = useText()
  const staffName = useStaffName()
  const { work, currency, insertedMinor, givingMinor, short } = attempt
  const goal = work.kind === 'pay_in' ? work.amountMinor : undefined
  const isTaking = work.kind !== 'pay_out' && work.kind !== 'collect'
  return (
    <>
      <p className="m-0 text-small text-ink-soft">
        <WorkText work={work} currency={currency} /> · {staffName(attempt.staffId)}
      </p>
      <div>
        <p className="m-0 text-figure leading-tight font-semibold">
          <MoneyText amount={isTaking ? insertedMinor : givingMinor} currency={currency} />
        </p>
        {goal !== undefined && <SmallBar part={insertedMinor} whole={goal} />}
      </div>
      <p
        role="status"
        className={short ? 'm-0 border-l-4 border-warn pl-3 text-small' : 'm-0 text-small'}
      >
        {t(describeProgress(attempt))}
      </p>
      <Orders attempt={attempt} />
    </>
  )
}

/** What can be said to work that is under way. */
function Orders({ attempt }: { readonly attempt: AttemptView }) {
  const t = useText()
  const toast = useToast()
  const may = useMay()
  const cache = useQueryClient()
  const { api } = useClients()
  const [isGivingUp, setGivingUp] = useState(false)
  const { attemptId, recyclerId, work, state, short, cancelling } = attempt
  const order = useMutation({
    mutationFn: (what: AttemptOrder) => api.orderAttempt(recyclerId, attemptId, what),
    onError: (error) => toast(t(describeMachineRefusal(error)), 'danger'),
    onSettled: () => cache.invalidateQueries({ queryKey: ['recyclers'] }),
  })
  const isOpenEnded = work.kind === 'deposit' || work.kind === 'replenish'
  const takes = isOpenEnded || work.kind === 'pay_in'
  const mayOrder = may('recycler.use') && (state === 'starting' || state === 'working')
  const isLost = state === 'open' || state === 'finding'
  return (
    <div className="flex flex-wrap gap-2">
      {mayOrder && isOpenEnded && state === 'working' && (
        <Button look="primary" disabled={order.isPending} onClick={() => order.mutate('finish')}>
          {t('machine.finish')}
        </Button>
      )}
      {mayOrder && short && (
        <Button disabled={order.isPending} onClick={() => order.mutate('end-short')}>
          {t('machine.endShort')}
        </Button>
      )}
      {mayOrder && takes && (
        <Button disabled={cancelling || order.isPending} onClick={() => order.mutate('cancel')}>
          {t('machine.cancel')}
        </Button>
      )}
      {isLost && may('recycler.manage') && (
        <Button onClick={() => setGivingUp(true)}>{t('machine.giveUp')}</Button>
      )}
      {isGivingUp && (
        <ActDialog
          title={t('machine.giveUp')}
          confirm={t('machine.giveUp.confirm')}
          done={t('machine.giveUp.done')}
          look="danger"
          isComplete
          act={() => api.orderAttempt(recyclerId, attemptId, 'give-up')}
          describe={describeMachineRefusal}
          onClose={() => setGivingUp(false)}
        >
          <p className="m-0">{t('machine.giveUp.means')}</p>
        </ActDialog>
      )}
    </div>
  )
}

function Ended({ attempt }: { readonly attempt: AttemptView }) {
  const t = useText()
  const look = describeEnding(attempt.ending)
  const moved = [
    ['machine.in', attempt.in],
    ['machine.out', attempt.out],
  ] as const
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="text-small text-ink-soft">{t(describeWork(attempt.work))}</span>
        <span className="text-small">
          <StatusDot tone={look.tone} text={t(look.text)} />
        </span>
      </div>
      <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-small">
        {moved.map(
          ([name, cash]) =>
            cash !== null &&
            cash.minor > 0 && (
              <div key={name} className="contents">
                <dt className="text-ink-soft">{t(name)}</dt>
                <dd className="m-0">
                  <CashText cash={[cash]} />
                </dd>
              </div>
            ),
        )}
        {attempt.code !== null && attempt.ending === 'unresolved' && (
          <div className="contents">
            <dt className="text-ink-soft">{t('machine.code')}</dt>
            <dd className="m-0 font-mono text-[0.9em] break-words">{attempt.code}</dd>
          </div>
        )}
      </dl>
    </>
  )
}
