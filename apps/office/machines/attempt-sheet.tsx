import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type {
  AttemptDetail,
  LiveRecycler,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { Sheet } from '@tillkeeper/ui/dialog/dialog.tsx'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { type ReactNode, useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { CashText } from '../cash/cash-text.tsx'
import type { OfficeText } from '../messages/use-text.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { usePlaces } from '../shell/use-places.ts'
import { describeEnding } from './describe-machine.ts'
import { GiveBackDialog } from './give-back-dialog.tsx'
import { changesBetween } from './propose-end.ts'
import { ResolveDialog } from './resolve-dialog.tsx'
import { WorkText } from './work-text.tsx'

/** One attempt: what was asked, what is known of it, and what a person can still do about it. */
export function AttemptSheet({
  machine,
  live,
  attemptId,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler | undefined
  readonly attemptId: string
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const asked = useQuery(queries(api).attempt(attemptId))
  const [act, setAct] = useState<'resolve' | 'give'>()
  const attempt = asked.data
  const offers = useOffers(attempt, live)
  const close = () => setAct(undefined)
  if (attempt !== undefined && act === 'resolve') {
    return <ResolveDialog {...{ machine, live, attempt }} onClose={close} />
  }
  if (attempt !== undefined && live !== undefined && act === 'give') {
    const taken = { attemptId, currency: attempt.currency, keptMinor: keptOf(attempt) }
    return <GiveBackDialog {...{ machine, live, taken }} onClose={close} />
  }
  return (
    <Sheet
      open
      size="large"
      onClose={onClose}
      title={t('machine.attempt')}
      actions={
        <>
          {offers.give && <Button onClick={() => setAct('give')}>{t('machine.giveBack')}</Button>}
          {offers.resolve && (
            <Button look="primary" onClick={() => setAct('resolve')}>
              {t('machine.resolve')}
            </Button>
          )}
        </>
      }
    >
      <Answer asked={asked}>{(detail) => <AttemptView attempt={detail} />}</Answer>
    </Sheet>
  )
}

const keptOf = (attempt: Pick<AttemptDetail, 'in' | 'out'>) =>
  minor((attempt.in?.minor ?? 0) - (attempt.out?.minor ?? 0))

/** What can be done about an attempt, by who looks at it, here. */
function useOffers(attempt: AttemptDetail | undefined, live: LiveRecycler | undefined) {
  const may = useMay()
  const isShop = useIsShop()
  const { api } = useClients()
  const mayRead = may('report.read')
  const asked = useQuery({
    ...queries(api).attemptExceptions(attempt?.shopId),
    enabled: mayRead && attempt !== undefined,
  })
  if (attempt === undefined || !isShop) return { resolve: false, give: false }
  const { attemptId, ending } = attempt
  const isUnpaidFor =
    asked.data?.items.some(
      ({ kind, keys }) =>
        kind === 'machine_payment_without_sale' && keys.includes(`attempt:${attemptId}`),
    ) ?? false
  const canGive = live !== undefined && live.at === 'idle' && live.capabilities !== null
  return {
    resolve: ending === 'unresolved' && may('recycler.manage'),
    give: canGive && may('recycler.use') && ending === 'done' && keptOf(attempt) > 0 && isUnpaidFor,
  }
}

function AttemptView({ attempt }: { readonly attempt: AttemptDetail }) {
  const t = useText()
  const look = describeEnding(attempt.ending)
  return (
    <div
      data-attempt={attempt.attemptId}
      data-ending={attempt.ending ?? ''}
      className="-mx-5 flex flex-col gap-4"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-5">
        <p className="m-0 text-title font-semibold">
          <WorkText work={attempt.work} currency={attempt.currency} />
        </p>
        <StatusDot tone={look.tone} text={t(look.text)} />
      </div>
      <Known attempt={attempt} />
      <Changes attempt={attempt} />
      <Differences attempt={attempt} />
    </div>
  )
}

/** What is known of an attempt, as names and values. */
function Known({ attempt }: { readonly attempt: AttemptDetail }) {
  const { t, zone, tillNumber } = usePlaces()
  const timeZone = zone(attempt.shopId)
  const { startedAt, endedAt, tillId, resolved, work } = attempt
  const rows: readonly (readonly [string, ReactNode] | false)[] = [
    work.kind === 'collect' && [
      t('machine.asked'),
      <CashText
        key="asked"
        cash={[{ currency: attempt.currency, minor: 0, pieces: work.pieces }]}
        pieces="only"
      />,
    ],
    attempt.in !== null &&
      attempt.in.minor > 0 && [t('machine.in'), <CashText key="in" cash={[attempt.in]} />],
    attempt.out !== null &&
      attempt.out.minor > 0 && [t('machine.out'), <CashText key="out" cash={[attempt.out]} />],
    attempt.because !== null && [t('machine.because'), t(`machine.because.${attempt.because}`)],
    attempt.code !== null && [
      t('machine.code'),
      <code key="code" className="font-mono text-[0.9em]">
        {attempt.code}
      </code>,
    ],
    resolved !== null && [
      t('machine.resolvedBy'),
      <span key="by">
        {resolved.staffName}, <DateText instant={resolved.at} timeZone={timeZone} />
        <span className="block text-ink-soft">{resolved.reason}</span>
      </span>,
    ],
    [t('machine.askedBy'), attempt.staffName],
    tillId !== null && [t('machine.till'), t('till.number', { number: tillNumber(tillId) })],
    startedAt !== null && [
      t('machine.startedAt'),
      <DateText key="start" instant={startedAt} timeZone={timeZone} form="date-seconds" />,
    ],
    endedAt !== null && [
      t('machine.endedAt'),
      <DateText key="end" instant={endedAt} timeZone={timeZone} form="date-seconds" />,
    ],
    linkRow(t, attempt),
    attempt.seqNo !== null && [
      t('machine.seqNo'),
      <code key="seq" className="font-mono text-[0.9em]">
        {attempt.seqNo}
      </code>,
    ],
  ]
  return (
    <dl className="m-0 grid grid-cols-[minmax(7rem,auto)_1fr] content-start gap-x-4 gap-y-1.5 px-5 text-small">
      {rows.map(
        (row) =>
          row !== false && (
            <div key={row[0]} className="contents">
              <dt className="text-ink-soft">{row[0]}</dt>
              <dd className="m-0 min-w-0 break-words">{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

const linkLook = 'text-ink underline decoration-line-strong/50 underline-offset-3'

/** What the money was moved for, with the way there. */
function linkRow(t: OfficeText, attempt: AttemptDetail): readonly [string, ReactNode] | false {
  const { links } = attempt
  if (links?.saleId !== undefined) {
    return [
      t('machine.for'),
      <Link key="for" to="/sales/$saleId" params={{ saleId: links.saleId }} className={linkLook}>
        {t('machine.for.sale')}
      </Link>,
    ]
  }
  if (links?.refundId !== undefined) {
    const params = { refundId: links.refundId }
    return [
      t('machine.for'),
      <Link key="for" to="/refunds/$refundId" params={params} className={linkLook}>
        {t('machine.for.refund')}
      </Link>,
    ]
  }
  if (links?.forAttemptId !== undefined) {
    return [
      t('machine.for'),
      <Link
        key="for"
        to="/machines/$machineId"
        params={{ machineId: attempt.recyclerId }}
        search={(held) => ({ ...held, attempt: links.forAttemptId })}
        className={linkLook}
      >
        {t('machine.for.attempt')}
      </Link>,
    ]
  }
  if (links?.expenseId !== undefined) return [t('machine.for'), t('machine.for.expense')]
  return links?.movementId === undefined ? false : [t('machine.for'), t('machine.for.movement')]
}

/** What the machine held before and after: the faces that changed. */
function Changes({ attempt }: { readonly attempt: AttemptDetail }) {
  const t = useText()
  const { before, after } = attempt
  if (before === null) return null
  if (after === null) {
    return <p className="m-0 px-5 text-small text-ink-soft">{t('machine.after.unknown')}</p>
  }
  const changes = changesBetween(before, after)
  if (changes.length === 0) {
    return <p className="m-0 px-5 text-small text-ink-soft">{t('machine.after.same')}</p>
  }
  return (
    <FaceTable
      name={t('machine.stock.changed')}
      heads={[t('machine.before'), t('machine.after'), t('machine.count.difference')]}
      rows={changes.map((face) => ({
        ...face,
        cells: [face.before, face.after, face.after - face.before],
      }))}
    />
  )
}

/** Where the machine held other cash than the attempt makes of what it held before. */
function Differences({ attempt }: { readonly attempt: AttemptDetail }) {
  const t = useText()
  if (attempt.differences.length === 0) return null
  return (
    <FaceTable
      name={t('machine.differences')}
      heads={[t('machine.expected'), t('machine.reported'), t('machine.count.difference')]}
      rows={attempt.differences.map((face) => ({
        ...face,
        cells: [face.expected, face.reported, face.reported - face.expected],
      }))}
    />
  )
}

type FaceRow = Pick<AttemptDetail['differences'][number], 'currency' | 'faceMinor'> & {
  readonly cells: readonly [number, number, number]
}

/** Faces with two numbers and what they differ by. */
function FaceTable({
  name,
  heads,
  rows,
}: {
  readonly name: string
  readonly heads: readonly [string, string, string]
  readonly rows: readonly FaceRow[]
}) {
  return (
    <table aria-label={name} className="w-full border-collapse text-small">
      <thead>
        <tr className="border-t border-line text-ink-soft">
          <th scope="col" className="py-1.5 pr-3 pl-5 text-left font-semibold text-ink">
            {name}
          </th>
          {heads.map((head) => (
            <th key={head} scope="col" className="px-3 py-1.5 text-right font-medium last:pr-5">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ currency, faceMinor, cells: [first, second, difference] }) => (
          <tr key={`${currency} ${faceMinor}`} className="border-t border-line">
            <th scope="row" className="py-1 pr-3 pl-5 text-left">
              <DenominationChip face={minor(faceMinor)} currency={currency} />
            </th>
            <td className="px-3 py-1 text-right">{first}</td>
            <td className="px-3 py-1 text-right">{second}</td>
            <td className="py-1 pr-5 pl-3 text-right font-medium">
              {difference > 0 ? '+' : '−'}
              {Math.abs(difference)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
