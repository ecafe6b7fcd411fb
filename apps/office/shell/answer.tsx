import { Button } from '@tillkeeper/ui/button/button.tsx'
import { ErrorState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import type { ReactNode } from 'react'
import { type FaultKind, faultOf } from '../api/problem.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'

/** What a screen needs to know of a question to the server. */
export type Asked<Reply> = {
  readonly data: Reply | undefined
  readonly error: unknown
  readonly isFetching: boolean
  readonly refetch: () => unknown
}

/**
 * Draws the answer to a question once it is there, and until then what there is to say: it is on its
 * way, it may not be seen, nobody answers, it failed. An answer of before is drawn on while a newer
 * one is asked for, with a line that says so when that fails.
 */
export function Answer<Reply>({
  asked,
  waiting,
  children,
}: {
  readonly asked: Asked<Reply>
  /** What stands there until the answer comes; of the same size, so that nothing jumps. */
  readonly waiting?: ReactNode
  readonly children: (reply: Reply) => ReactNode
}) {
  const t = useText()
  if (asked.data !== undefined) {
    return (
      <>
        {asked.error !== null && asked.error !== undefined && (
          <p
            role="status"
            className="m-0 border-b border-line bg-warn-soft px-5 py-1.5 text-small text-warn"
          >
            {t('fault.old')}
          </p>
        )}
        {children(asked.data)}
      </>
    )
  }
  if (asked.error !== null && asked.error !== undefined) {
    return <FaultState kind={faultOf(asked.error)} onRetry={asked.refetch} />
  }
  return waiting ?? <SkeletonRows />
}

const words: Readonly<
  Record<
    FaultKind,
    { readonly happened: OfficeKey; readonly safe: OfficeKey; readonly next: OfficeKey }
  >
> = {
  unreachable: {
    happened: 'fault.unreachable',
    safe: 'fault.unreachable.safe',
    next: 'fault.unreachable.next',
  },
  forbidden: {
    happened: 'fault.forbidden',
    safe: 'fault.forbidden.safe',
    next: 'fault.forbidden.next',
  },
  not_found: {
    happened: 'fault.notFound',
    safe: 'fault.notFound.safe',
    next: 'fault.notFound.next',
  },
  login: { happened: 'fault.login', safe: 'fault.login.safe', next: 'fault.login.next' },
  busy: { happened: 'fault.busy', safe: 'fault.busy.safe', next: 'fault.busy.next' },
  failed: { happened: 'fault.failed', safe: 'fault.failed.safe', next: 'fault.failed.next' },
}

/** A whole screen that could not be filled: what happened, what is safe, what to do. */
export function FaultState({
  kind,
  onRetry,
}: {
  readonly kind: FaultKind
  readonly onRetry?: (() => unknown) | undefined
}) {
  const t = useText()
  const { happened, safe, next } = words[kind]
  const useless = kind === 'forbidden' || kind === 'not_found'
  return (
    <div className="p-5">
      <ErrorState
        happened={t(happened)}
        safe={t(safe)}
        next={t(next)}
        tone={useless ? 'warn' : 'danger'}
        action={
          !useless &&
          onRetry !== undefined && (
            <Button look="primary" onClick={() => onRetry()}>
              {t('ui.retry')}
            </Button>
          )
        }
      />
    </div>
  )
}
