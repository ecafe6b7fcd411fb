import { useQuery } from '@tanstack/react-query'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionMovement } from '@tillkeeper/client/api/sync-health-shapes.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { MovementPaper } from '../receipts/movement-paper.tsx'
import { Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'
import { describeMovement, describeReason } from './describe-evening.ts'

/** What customers pay and get is in the sales; the rest is moved by hand. */
const bySales: readonly string[] = ['sale', 'change', 'refund']

/** Float, takings and differences are the session's own: they stand in its report. */
const inReport: readonly string[] = [
  'float',
  'takings',
  'shortage',
  'surplus',
  'opening',
  'correction',
  'swap',
  'exchange',
]
/** A correction has the reason of its explanation, the rest what a person chose. */
const categoryOf = ({ type, category }: SessionMovement, t: ReturnType<typeof useText>) =>
  type === 'correction' && category !== null ? t(describeReason(category)) : category
const leavesPaper = ({ type }: SessionMovement) => !inReport.includes(type)

/** Every note that went in or out of a session's drawer beside its sales, with its paper. */
export function SessionMovements({ session }: { readonly session: Session }) {
  const t = useText()
  const { api } = useClients()
  const zone = useTimeZone()(session.shopId)
  const [shown, setShown] = useState<SessionMovement>()
  const asked = useQuery(queries(api).movements(session.id))
  const items = (asked.data?.items ?? []).filter(({ type }) => !bySales.includes(type))
  if (items.length === 0) return null
  return (
    <Section title={t('evening.movements')}>
      <table aria-label={t('evening.movements')} className="mb-2 w-full border-collapse text-small">
        <tbody>
          {items.map((movement) => (
            <tr key={movement.id} className="border-t border-line align-top first:border-t-0">
              <td className="w-16 py-1.5 pr-3 pl-5 text-ink-soft">
                <DateText instant={movement.occurredAt} timeZone={zone} form="time" />
              </td>
              <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                {leavesPaper(movement) ? (
                  <button
                    type="button"
                    onClick={() => setShown(movement)}
                    className="min-h-6 cursor-pointer border-0 bg-transparent p-0 text-left text-ink underline decoration-line-strong/50 underline-offset-3"
                  >
                    {t(describeMovement(movement.type))}
                  </button>
                ) : (
                  t(describeMovement(movement.type))
                )}{' '}
                <span className="text-ink-soft">
                  {[movement.staffName, categoryOf(movement, t), movement.recipient, movement.note]
                    .filter((text) => text !== null && text !== '')
                    .join(' · ')}
                </span>
              </th>
              <td className="py-1.5 pr-5 pl-3 text-right">
                <MoneyText
                  amount={minor(movement.amountMinor)}
                  currency={movement.currency as Currency}
                  unit="hide"
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown !== undefined && (
        <MovementPaper
          id={shown.factId}
          title={t(describeMovement(shown.type))}
          onClose={() => setShown(undefined)}
        />
      )}
    </Section>
  )
}
