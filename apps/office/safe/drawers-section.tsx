import { useQueries, useQuery } from '@tanstack/react-query'
import type { HeldCash } from '@tillkeeper/client/api/cash-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { CashText } from '../cash/cash-text.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'

/**
 * What the drawers of a shop should hold, by piece as far as it is known, beside the safe. Counts are blind: it is drawn
 * for nobody who may not see what is expected, and the server says it to nobody else either.
 */
export function DrawersSection({ shopId }: { readonly shopId: string }) {
  const may = useMay()
  if (!may('till.expected') || !may('report.read')) return null
  return <DrawersOf shopId={shopId} />
}

function DrawersOf({ shopId }: { readonly shopId: string }) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).tills())
  const tills = (asked.data ?? [])
    .filter((till) => till.shopId === shopId)
    .sort((a, b) => a.number - b.number)
  const drawers = useQueries({ queries: tills.map(({ id }) => queries(api).heldInDrawer(id)) })
  const held = tills.flatMap((till, index) => {
    const items = drawers[index]?.data?.items.filter(({ balanceMinor }) => balanceMinor !== 0) ?? []
    return items.length === 0 ? [] : { till, items }
  })
  const waiting = drawers.find(({ data }) => data === undefined)
  return (
    <Section title={t('safe.drawers')}>
      <Answer<unknown> asked={waiting ?? asked}>
        {() =>
          held.length === 0 ? (
            <p className="m-0 px-5 pb-4 text-small text-ink-soft">{t('safe.drawers.none')}</p>
          ) : (
            <ul className="m-0 grid list-none gap-x-8 px-5 pt-0 pb-4 lg:grid-cols-2">
              {held.map(({ till, items }) => (
                <li key={till.id} className="border-t border-line py-3">
                  <span className="block text-small font-semibold">
                    {t('cash.drawer', { number: till.number })}
                  </span>
                  {items.map((cash) => (
                    <HeldLine key={cash.currency} cash={cash} />
                  ))}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

function HeldLine({ cash }: { readonly cash: HeldCash }) {
  const t = useText()
  const { currency, balanceMinor, pieces, unknownMinor } = cash
  return (
    <span className="mt-1 flex flex-col gap-1 text-small">
      <span className="flex items-baseline justify-between gap-4">
        <span className="text-ink-soft">{currency}</span>
        <MoneyText amount={minor(balanceMinor)} currency={currency} className="text-body" />
      </span>
      {pieces.length > 0 && (
        <CashText cash={[{ currency, minor: balanceMinor, pieces }]} pieces="only" />
      )}
      {unknownMinor !== 0 && (
        <span className="flex items-baseline justify-between gap-4 text-ink-faint">
          <span>{t('safe.drawers.unknown')}</span>
          <MoneyText amount={minor(unknownMinor)} currency={currency} />
        </span>
      )}
    </span>
  )
}
