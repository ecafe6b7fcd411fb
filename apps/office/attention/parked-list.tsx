import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Parked } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { CheckCheck } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { type OfficeText, useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { useScope, useShops, useTills, useTimeZone } from '../shell/use-scope.ts'
import { nameStream } from '../sync/stream-name.ts'
import { describeReason, describeRefusal, describeType, maySettle, receiptOf } from './describe.ts'
import { SettleDialog } from './settle-dialog.tsx'

/** The parked facts that a person can do something about; those behind them are counted at each. */
export function ParkedList() {
  const t = useText()
  const { api } = useClients()
  const { shop } = useScope()
  const asked = useInfiniteQuery(queries(api).parked(shop))
  const facts = asked.data?.pages.flatMap(({ items }) => items) ?? []
  const retry = useRetry()
  return (
    <Section
      title={t('attention.parked')}
      action={
        facts.length > 1 && (
          <Button disabled={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {retry.isPending ? t('attention.retrying') : t('attention.retryAll')}
          </Button>
        )
      }
    >
      <Answer asked={asked}>
        {() =>
          facts.length === 0 ? (
            <EmptyState
              icon={<CheckCheck aria-hidden="true" size={32} />}
              title={t('attention.parked.none')}
            >
              {t('attention.parked.none.next')}
            </EmptyState>
          ) : (
            <ul className="m-0 list-none p-0">
              {facts.map((fact) => (
                <ParkedRow key={`${fact.stream}#${fact.seq}`} fact={fact} />
              ))}
              {asked.hasNextPage && (
                <li className="border-t border-line px-5 py-3">
                  <Button onClick={() => void asked.fetchNextPage()}>{t('attention.more')}</Button>
                </li>
              )}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

/** Tries one fact again, or all, and says what came of it. */
function useRetry() {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  return useMutation({
    mutationFn: (factId: string | undefined) => api.retryParked(factId),
    onSuccess: async ({ applied }) => {
      toast(t('attention.retried', { applied }))
      await cache.invalidateQueries()
    },
    onError: (error) => toast(t(describeRefusal(error)), 'danger'),
  })
}

/** A fact in one line: what, and by its receipt's number where it has one. */
function titleOf(t: OfficeText, fact: Parked): string {
  const name = t(describeType(fact.type), { type: fact.type })
  return [name, receiptOf(fact)].filter((part) => part !== '').join(' ')
}

function ParkedRow({ fact }: { readonly fact: Parked }) {
  const t = useText()
  const [settling, setSettling] = useState(false)
  const retry = useRetry()
  const zone = useTimeZone()(fact.shopId)
  const { text, next } = describeReason(fact.reason)
  const title = titleOf(t, fact)
  return (
    <li className="border-t border-line px-5 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <p className="m-0 flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-semibold">{title}</span>
            <Badge tone="warn" text={t(text)} />
          </p>
          <p className="m-0 text-small text-ink-soft">
            <Origin fact={fact} /> · <DateText instant={fact.occurredAt} timeZone={zone} />
          </p>
          <p className="m-0 mt-2 max-w-prose text-small">{t(next)}</p>
          <p className="m-0 text-small font-medium">
            {t('attention.blocks', { count: fact.holdsBack })}
          </p>
        </div>
        <div className="flex shrink-0 gap-2">
          <Button disabled={retry.isPending} onClick={() => retry.mutate(fact.factId)}>
            {retry.isPending ? t('attention.retrying') : t('attention.retry')}
          </Button>
          {maySettle(fact) && (
            <Button onClick={() => setSettling(true)}>{t('attention.settle')}</Button>
          )}
        </div>
      </div>
      <Content fact={fact} zone={zone} />
      {settling && <SettleDialog fact={fact} title={title} onClose={() => setSettling(false)} />}
    </li>
  )
}

function Origin({ fact }: { readonly fact: Parked }) {
  const t = useText()
  const shops = useShops()
  const tills = useTills()
  const name = nameStream(fact.stream, { shops, tills })
  return name === undefined ? t('attention.ofChain') : t(name.text, name)
}

function Content({ fact, zone }: { readonly fact: Parked; readonly zone: string }) {
  const t = useText()
  return (
    <details className="mt-2 text-small">
      <summary className="w-fit cursor-pointer text-ink-soft hover:text-ink">
        {t('attention.content')}
      </summary>
      <p className="m-0 mt-2 text-ink-soft">
        {t('attention.since')} <DateText instant={fact.firstAt} timeZone={zone} form="date-time" />{' '}
        · {t('attention.tries', { count: fact.tries })}
      </p>
      <p className="m-0 font-mono text-[0.85em] break-all text-ink-soft">
        {fact.factId} · {fact.stream}#{fact.seq} · {fact.detail}
      </p>
      {fact.body === null ? (
        <p className="m-0 mt-1">{t('attention.content.hidden')}</p>
      ) : (
        <pre className="m-0 mt-1 rounded-md bg-sunken p-3 break-words whitespace-pre-wrap">
          {JSON.stringify(fact.body, undefined, 2)}
        </pre>
      )}
    </details>
  )
}
