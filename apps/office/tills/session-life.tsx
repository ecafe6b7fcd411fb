import { useQuery } from '@tanstack/react-query'
import type { Session, SessionLife } from '@tillkeeper/client/api/session-shapes.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import type { ReactNode } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Facts, Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'

/**
 * How the drawer was opened, what was counted of other currencies, what stayed in it, who had it when and
 * with what variance, and each count. Nothing is drawn for a session of which there is nothing to say.
 */
export function SessionLifeSections({ session }: { readonly session: Session }) {
  const t = useText()
  const { api } = useClients()
  const zone = useTimeZone()(session.shopId)
  const asked = useQuery(queries(api).sessionLife(session.id))
  const life = asked.data
  const drawer = drawerRows(session, t)
  const recounts = session.close?.recounts ?? 0
  const passed: readonly Row[] = [
    ...(life === undefined ? [] : lifeRows(life, { t, zone })).map(
      ({ name, value }) => [name, value] as const,
    ),
    ...(recounts === 0 ? [] : [[t('session.recounts'), String(recounts)] as const]),
  ]
  return (
    <>
      {drawer.length > 0 && (
        <Section title={t('session.floats')}>
          <Facts rows={drawer} />
        </Section>
      )}
      {life !== undefined && life.shares.length > 0 && (
        <Section title={t('session.shares')}>
          <Facts
            rows={life.shares.map((share) => [
              share.staffName,
              <VarianceText
                key={`${share.staffId}/${share.currency}/${share.varianceMinor}`}
                amount={share.varianceMinor}
                currency={share.currency}
              />,
            ])}
          />
        </Section>
      )}
      {passed.length > 0 && (
        <Section title={t('session.life')}>
          <Facts rows={passed} />
        </Section>
      )}
    </>
  )
}

type T = ReturnType<typeof useText>
type Row = readonly [string, ReactNode]

function drawerRows({ opening, others, close, currency }: Session, t: T): Row[] {
  const money = (key: string, amount: (typeof opening)['leftMinor'], of = currency) => (
    <MoneyText key={key} amount={amount} currency={of} />
  )
  return [
    ...(opening.leftMinor === 0
      ? []
      : ([
          [t('session.leftBefore'), money('left', opening.leftMinor)],
          [t('session.loan'), money('loan', opening.loanMinor)],
        ] as const)),
    ...(opening.varianceMinor === 0
      ? []
      : ([
          [
            t('session.openingDifference'),
            <VarianceText key="opening" amount={opening.varianceMinor} currency={currency} />,
          ],
        ] as const)),
    ...others.map(
      (float) =>
        [
          `${t('session.float')} ${float.currency}`,
          money(`float/${float.currency}`, float.minor, float.currency),
        ] as const,
    ),
    ...(close?.others ?? []).map(
      (counted) =>
        [
          `${t('session.counted')} ${counted.currency}`,
          <span key={`counted/${counted.currency}`} className="inline-flex gap-3">
            <MoneyText amount={counted.countedMinor} currency={counted.currency} />
            <VarianceText amount={counted.varianceMinor} currency={counted.currency} />
          </span>,
        ] as const,
    ),
    ...(close?.left ?? []).map(
      (left) =>
        [t('session.left'), money(`stays/${left.currency}`, left.minor, left.currency)] as const,
    ),
  ]
}

function lifeRows(
  { steps, counts }: SessionLife,
  { t, zone }: { readonly t: T; readonly zone: string },
): readonly { readonly at: string; readonly name: string; readonly value: ReactNode }[] {
  const when = (instant: string) => <DateText instant={instant} timeZone={zone} form="time" />
  return [
    ...steps.map((step) => ({
      at: step.occurredAt,
      name: t(`session.step.${step.kind}`),
      value: (
        <span key={step.id}>
          {when(step.occurredAt)} · {step.staffName}
          {step.toStaffName !== null && ` → ${step.toStaffName}`}
          {step.reason !== '' && ` · ${step.reason}`}
        </span>
      ),
    })),
    ...counts.map((count) => ({
      at: count.occurredAt,
      name: t(`session.count.${count.kind}`),
      value: (
        <span key={count.id}>
          {when(count.occurredAt)} · {count.staffName} ·{' '}
          <MoneyText amount={count.countedMinor} currency={count.currency} />
        </span>
      ),
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1))
}
