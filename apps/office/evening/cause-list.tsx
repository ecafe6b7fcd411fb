import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Cause } from '@tillkeeper/client/api/cause-shapes.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { formatMoney } from '@tillkeeper/core/money/currency.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { useTimeZone } from '../shell/use-scope.ts'
import { describeReason } from './describe-evening.ts'
import type { Difference, Suggestion } from './explain-dialog.tsx'

const shownFirst = 3
const evidenceShown = 3

/** What may have made the difference, the likeliest first: each with what speaks for it, to be accepted. */
export function CauseList({
  session,
  difference: { currency, varianceMinor, left },
  isNamed,
  onAccept,
}: {
  readonly session: Session
  readonly difference: Difference
  /** Whether the title says of which currency: where several differ, or another than the session's. */
  readonly isNamed: boolean
  /** Left out where nothing can be booked, as in the cloud. */
  readonly onAccept?: ((suggestion: Suggestion) => void) | undefined
}) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).causes(session.id))
  const [all, setAll] = useState(false)
  const causes = (asked.data?.items ?? []).filter((cause) => cause.currency === currency)
  if (causes.length === 0) return null
  const shown = all ? causes : causes.slice(0, shownFirst)
  return (
    <div>
      <h3 className="m-0 mb-1 flex flex-wrap gap-x-3 text-small font-semibold text-ink-soft">
        {isNamed ? t('cause.title.of', { currency }) : t('cause.title')}
        {isNamed && <VarianceText amount={varianceMinor} currency={currency} unit="show" />}
      </h3>
      <ol className="m-0 list-none border-y border-line p-0">
        {shown.map((cause) => (
          <CauseRow
            key={cause.kind}
            cause={cause}
            session={session}
            onAccept={
              onAccept &&
              (() =>
                onAccept({
                  currency,
                  reason: cause.kind,
                  note: noteOf(cause),
                  place: cause.booking.place,
                  amountMinor: minor(Math.min(left, cause.booking.amountMinor)),
                }))
            }
          />
        ))}
      </ol>
      {!all && causes.length > shownFirst && (
        <Button look="quiet" className="mt-1" onClick={() => setAll(true)}>
          {t('cause.others', { count: causes.length - shownFirst })}
        </Button>
      )}
    </div>
  )
}

/** What was looked at: the receipts that speak for it. A person adds to it. */
function noteOf({ evidence }: Cause): string {
  const receipts = evidence.flatMap(({ act }) => act?.receiptNumber ?? [])
  return receipts.slice(0, evidenceShown).join(', ')
}

function CauseRow({
  cause,
  session,
  onAccept,
}: {
  readonly cause: Cause
  readonly session: Session
  readonly onAccept?: (() => void) | undefined
}) {
  const t = useText()
  const { evidence, faces, fits, score } = cause
  const more = fits - Math.min(evidence.length, evidenceShown)
  return (
    <li className="flex items-start gap-3 border-t border-line py-2 first:border-t-0">
      <Likely score={score} />
      <div className="min-w-0 flex-1 text-small">
        <span className="font-medium text-body">{t(describeReason(cause.kind))}</span>
        {faces !== undefined && (
          <span className="flex flex-wrap items-center gap-1.5 text-ink-soft">
            {faces.pieces} ×{' '}
            <DenominationChip face={minor(faces.isMinor)} currency={cause.currency} />{' '}
            {t('cause.takenFor')}{' '}
            <DenominationChip face={minor(faces.takenForMinor)} currency={cause.currency} />
          </span>
        )}
        <ul className="m-0 list-none p-0 text-ink-soft">
          {evidence.slice(0, evidenceShown).map((each) => (
            <EvidenceRow
              key={`${each.act?.id} ${each.why} ${each.insteadMinor}`}
              evidence={each}
              cause={cause}
              session={session}
            />
          ))}
        </ul>
        {more > 0 && <span className="text-ink-faint">{t('cause.more', { count: more })}</span>}
      </div>
      {onAccept !== undefined && (
        <Button onClick={onAccept} className="shrink-0">
          {t('cause.accept')}
        </Button>
      )}
    </li>
  )
}

/** How likely, as a figure with its bar: a number alone would look exact. */
function Likely({ score }: { readonly score: number }) {
  const t = useText()
  const percent = Math.max(1, Math.round(score / 10))
  return (
    <span
      role="img"
      aria-label={t('cause.likely', { percent })}
      className="flex w-14 shrink-0 flex-col items-end pt-0.5 text-small text-ink-soft tabular-nums"
    >
      {percent} %
      <span className="mt-1 block h-1 w-full bg-sunken">
        <span className="block h-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
    </span>
  )
}

function EvidenceRow({
  evidence,
  cause,
  session,
}: {
  readonly evidence: Cause['evidence'][number]
  readonly cause: Cause
  readonly session: Session
}) {
  const t = useText()
  const [language] = useLanguage()
  const zone = useTimeZone()(session.shopId)
  const { act, at, why, recordedMinor = 0, insteadMinor = 0 } = evidence
  const money = (amount: number) => formatMoney(minor(amount), cause.currency, language)
  return (
    <li className="flex flex-wrap gap-x-2">
      {at !== undefined && why !== 'face_in_float' && (
        <DateText instant={at} timeZone={zone} form="time" />
      )}
      {act?.type === 'sale' && (
        <Link to="/sales/$saleId" params={{ saleId: act.id }}>
          {act.receiptNumber}
        </Link>
      )}
      <span>
        {t(`cause.why.${why}`, { recorded: money(recordedMinor), instead: money(insteadMinor) })}
      </span>
    </li>
  )
}
