import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ExplanationView } from '@tillkeeper/client/api/evening-shapes.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { BadgeCheck, MessageSquareText } from 'lucide-react'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Section } from '../shell/page-head.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { useTimeZone } from '../shell/use-scope.ts'
import { CauseList } from './cause-list.tsx'
import { describeEveningRefusal, describeReason } from './describe-evening.ts'
import { type Difference, ExplainDialog, type Suggestion } from './explain-dialog.tsx'
import { placeName } from './place-name.ts'

/**
 * A closed session as who looks at it in the evening finishes it: what it was short or over, what was said of
 * that and booked, and the one next thing to do. Explanations that are worked out for them fill the dialog.
 */
export function SessionLook({ session }: { readonly session: Session }) {
  const t = useText()
  const may = useMay()
  const isShop = useIsShop()
  const { api } = useClients()
  const said = useQuery({
    ...queries(api).explanations(session.id),
    enabled: may('report.read') && session.close !== null,
  })
  const [explains, setExplains] = useState<Suggestion | true>()
  const { close, verification } = session
  if (close === null) return null
  // The cloud's office reads: where nothing was said there is nothing to show.
  const lacksWords = verification === null && (said.data?.items ?? []).length === 0
  if (!isShop && lacksWords && (!differs(session) || !may('till.verify'))) return null
  const explanations = said.data?.items ?? []
  const differences = listDifferences(session, explanations)
  const open = differences.filter(({ left }) => left > 0)
  // What nobody explained yet is asked for first.
  const asks = differences.toSorted((a, b) => b.left - a.left)
  const [first, ...others] = [
    ...asks.filter((each) => !isExplained(each, explanations)),
    ...asks.filter((each) => isExplained(each, explanations)),
  ]
  return (
    <Section title={t('evening.look.title')} className="border-t-0">
      <div className="flex flex-col gap-3 px-5 pb-4">
        {explanations.length > 0 && (
          <Explanations differences={differences} explanations={explanations} />
        )}
        {verification === null &&
          may('till.verify') &&
          open.map((difference) => (
            <CauseList
              key={difference.currency}
              session={session}
              difference={difference}
              isNamed={open.length > 1 || difference.currency !== session.currency}
              onAccept={isShop ? setExplains : undefined}
            />
          ))}
        {verification !== null ? (
          <Verified session={session} verification={verification} />
        ) : (
          may('till.verify') &&
          isShop && (
            <Actions
              session={session}
              hasVariance={differences.length > 0}
              isExplained={differences.every((each) => isExplained(each, explanations))}
              onExplain={() => setExplains(true)}
            />
          )
        )}
      </div>
      {explains !== undefined && first !== undefined && (
        <ExplainDialog
          session={session}
          differences={[first, ...others]}
          suggestion={explains === true ? undefined : explains}
          onClose={() => setExplains(undefined)}
        />
      )}
    </Section>
  )
}

const closeCounts = ({ close, currency }: Session) =>
  close === null ? [] : [{ currency, varianceMinor: close.varianceMinor }, ...close.others]

const differs = (session: Session) =>
  closeCounts(session).some(({ varianceMinor }) => varianceMinor !== 0)

/** What the close differs by, currency by currency, and what of it is not booked yet. */
function listDifferences(
  session: Session,
  explanations: readonly ExplanationView[],
): readonly Difference[] {
  const bookings = explanations.flatMap((each) => each.bookings)
  return closeCounts(session)
    .filter(({ varianceMinor }) => varianceMinor !== 0)
    .map(({ currency, varianceMinor }) => {
      const booked = bookings
        .filter((booking) => booking.currency === currency)
        .reduce((all, booking) => all + booking.amountMinor, 0)
      const left = minor(Math.max(0, Math.abs(varianceMinor) - booked))
      return { currency, varianceMinor, left }
    })
}

const isExplained = ({ currency }: Difference, explanations: readonly ExplanationView[]) =>
  explanations.some((each) => each.currency === currency)

function Verified({
  session,
  verification,
}: {
  readonly session: Session
  readonly verification: NonNullable<Session['verification']>
}) {
  const t = useText()
  const zone = useTimeZone()(session.shopId)
  return (
    <p className="m-0 flex flex-wrap items-center gap-x-2 text-small text-good">
      <BadgeCheck aria-hidden="true" size={18} />
      {t('evening.verifiedBy', { name: verification.staffName })}
      <span className="text-ink-soft">
        <DateText instant={verification.verifiedAt} timeZone={zone} />
        {verification.note !== '' && ` · “${verification.note}”`}
      </span>
    </p>
  )
}

function Actions({
  session,
  hasVariance,
  isExplained,
  onExplain,
}: {
  readonly session: Session
  readonly hasVariance: boolean
  readonly isExplained: boolean
  readonly onExplain: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const [id] = useState(makeId)
  const verify = useMutation({
    mutationFn: () => api.verifySession(session.id, { id }),
    onSuccess: async () => {
      toast(t('evening.sessionVerified'))
      await cache.invalidateQueries()
    },
  })
  const explainFirst = hasVariance && !isExplained
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {hasVariance && (
          <Button
            look={explainFirst ? 'primary' : 'plain'}
            icon={<MessageSquareText aria-hidden="true" size={16} />}
            onClick={onExplain}
          >
            {t('evening.explain')}
          </Button>
        )}
        <Button
          look={explainFirst ? 'plain' : 'primary'}
          icon={<BadgeCheck aria-hidden="true" size={16} />}
          disabled={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {t('evening.verifySession')}
        </Button>
      </div>
      {verify.error !== null && (
        <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
          {t(describeEveningRefusal(verify.error))}
        </p>
      )}
    </>
  )
}

function Explanations({
  differences,
  explanations,
}: {
  readonly differences: readonly Difference[]
  readonly explanations: readonly ExplanationView[]
}) {
  const t = useText()
  const short = new Set(
    differences.filter(({ varianceMinor }) => varianceMinor < 0).map(({ currency }) => currency),
  )
  const open = differences.filter(({ left }) => left > 0)
  return (
    <>
      <ul className="m-0 list-none p-0">
        {explanations.map((each) => (
          <li
            key={each.id}
            className="border-t border-line py-2 text-small first:border-t-0 first:pt-0 last:pb-0"
          >
            <span className="font-medium">{t(describeReason(each.reason))}</span>{' '}
            <span className="text-ink-soft">
              {each.staffName}
              {each.note !== '' && ` · “${each.note}”`}
            </span>
            {each.bookings.map((booking) => (
              <span key={`${booking.from} ${booking.to}`} className="block">
                <MoneyText amount={minor(booking.amountMinor)} currency={booking.currency} />{' '}
                {t(placeName(short.has(booking.currency) ? booking.to : booking.from))}
              </span>
            ))}
          </li>
        ))}
      </ul>
      <p className="m-0 flex flex-wrap gap-x-2 text-small text-ink-soft">
        {open.length === 0
          ? t('evening.allBooked')
          : [
              t('evening.leftOver'),
              ...open.map(({ currency, left }) => (
                <VarianceText
                  key={currency}
                  amount={short.has(currency) ? minor(-left) : left}
                  currency={currency}
                  unit="show"
                />
              )),
            ]}
      </p>
    </>
  )
}
