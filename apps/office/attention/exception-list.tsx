import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ExceptionView } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Scale } from 'lucide-react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { useScope, useShopName } from '../shell/use-scope.ts'
import { describeException, describeRefusal, findPlace, findScreen } from './describe.ts'

/** Rules that facts broke, and that nobody has looked at yet. */
export function ExceptionList() {
  const t = useText()
  const { api } = useClients()
  const { shop } = useScope()
  const asked = useInfiniteQuery(queries(api).exceptions(shop))
  const items = asked.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title={t('today.exceptions')} className="flex-1">
      <Answer asked={asked}>
        {() =>
          items.length === 0 ? (
            <EmptyState icon={<Scale aria-hidden="true" size={32} />} title={t('exception.none')}>
              {t('exception.none.next')}
            </EmptyState>
          ) : (
            <ul className="m-0 list-none p-0">
              {items.map((item) => (
                <ExceptionRow key={item.id} exception={item} />
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

function ExceptionRow({ exception }: { readonly exception: ExceptionView }) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const shopName = useShopName()
  const seen = useMutation({
    mutationFn: () => api.markSeen(exception.id),
    onSuccess: () => cache.invalidateQueries(),
    onError: (error) => toast(t(describeRefusal(error)), 'danger'),
  })
  const { receiptNumber, name, code } = exception.detail
  const words = describeException(exception)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line px-5 py-3">
      <div className="min-w-0 flex-1 basis-80">
        <p className="m-0 font-semibold">{t(words.text, { kind: exception.kind })}</p>
        <p className="m-0 text-small text-ink-soft">
          {exception.shopId === null ? t('attention.ofChain') : shopName(exception.shopId)}
          {typeof receiptNumber === 'string' && ` · ${receiptNumber}`}
          {typeof name === 'string' && ` · ${name}`}
          {typeof code === 'string' && ` · ${code}`}
          {exception.kind === 'totals_drift' &&
            ` · ${exception.detail.place}: ${exception.detail.differs}`}
        </p>
        <p className="m-0 max-w-[65ch] pt-0.5 text-small">{t(words.next)}</p>
      </div>
      <div className="flex items-center gap-4">
        <Place exception={exception} />
        <Button disabled={seen.isPending} onClick={() => seen.mutate()}>
          {t('exception.seen')}
        </Button>
      </div>
    </li>
  )
}

/** The sale, session or machine that it is about, or the screen where it is settled. */
function Place({ exception }: { readonly exception: ExceptionView }) {
  const t = useText()
  const place = findPlace(exception)
  const screen = findScreen(exception)
  const shop = exception.shopId ?? undefined
  const className = 'text-ink underline decoration-line-strong/50 underline-offset-3'
  if (place === undefined) {
    return screen === undefined ? null : (
      <Link to={screen} search={(held) => ({ ...held, shop })} className={className}>
        {t('exception.open')}
      </Link>
    )
  }
  if (place.kind === 'recycler') {
    return (
      <Link
        to="/machines/$machineId"
        params={{ machineId: place.id }}
        search={(held) => ({ ...held, attempt: place.attemptId })}
        className={className}
      >
        {t('exception.open')}
      </Link>
    )
  }
  return place.kind === 'sale' ? (
    <Link to="/sales/$saleId" params={{ saleId: place.id }} className={className}>
      {t('exception.open')}
    </Link>
  ) : (
    <Link to="/tills/$sessionId" params={{ sessionId: place.id }} className={className}>
      {t('exception.open')}
    </Link>
  )
}
