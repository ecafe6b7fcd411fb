import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  BankMatch,
  MatchProposal,
  StatementLineView,
} from '@tillkeeper/client/api/safe-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { FileSpreadsheet } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { describeSafeRefusal } from '../cash/describe-safe.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { type LineAct, LineDialog, LineHead, SettledLines } from './settled-lines.tsx'

/** Lines of the bank's statement that wait, each with what it may be; a person accepts. */
export function MatchSection({
  shopId,
  mayAct,
}: {
  readonly shopId: string
  readonly mayAct: boolean
}) {
  const t = useText()
  const { api } = useClients()
  const [isImporting, setImporting] = useState(false)
  const asked = useQuery(queries(api).bankMatch(shopId))
  return (
    <Section
      title={t('match.title')}
      className="2xl:border-l"
      action={mayAct && <Button onClick={() => setImporting(true)}>{t('match.import')}</Button>}
    >
      <Answer asked={asked}>
        {(known) => <Lines known={known} shopId={shopId} mayAct={mayAct} />}
      </Answer>
      {isImporting && <ImportDialog shopId={shopId} onClose={() => setImporting(false)} />}
    </Section>
  )
}

function Lines({
  known,
  mayAct,
}: {
  readonly known: BankMatch
  readonly shopId: string
  readonly mayAct: boolean
}) {
  const t = useText()
  const [acting, setActing] = useState<LineAct>()
  const open = known.lines.filter(({ match, aside }) => match === null && aside === null)
  const done = known.lines.filter(({ match, aside }) => match !== null || aside !== null)
  // Lines that may be something stand first; the rest is listed and waits.
  const rank = ({ id }: StatementLineView) =>
    Math.max(0, ...known.proposals.filter(({ lineId }) => lineId === id).map((one) => one.score))
  const sorted = [...open].sort((a, b) => rank(b) - rank(a))
  return (
    <>
      {open.length === 0 ? (
        <EmptyState icon={<FileSpreadsheet aria-hidden="true" size={32} />} title={t('match.none')}>
          {t('match.none.next')}
        </EmptyState>
      ) : (
        <p className="m-0 px-5 pb-2 text-small text-ink-soft">
          {t('match.open', { count: open.length })}
        </p>
      )}
      <ul className="m-0 list-none p-0">
        {sorted.map((line) => (
          <Line
            key={line.id}
            {...{ line, known, mayAct }}
            onAside={() => setActing({ act: 'set-aside', line })}
          />
        ))}
      </ul>
      <SettledLines
        {...{ known, mayAct, lines: done }}
        onUndo={(line) => setActing({ act: 'undo', line })}
      />
      {acting !== undefined && <LineDialog {...acting} onClose={() => setActing(undefined)} />}
    </>
  )
}

function Line({
  line,
  known,
  mayAct,
  onAside,
}: {
  readonly line: StatementLineView
  readonly known: BankMatch
  readonly mayAct: boolean
  readonly onAside: () => void
}) {
  const t = useText()
  const proposals = known.proposals.filter(({ lineId }) => lineId === line.id)
  return (
    <li className="flex flex-col gap-1.5 border-t border-line px-5 py-3 text-small">
      <LineHead line={line} />
      {proposals.length === 0 ? (
        <span className="text-ink-faint">{t('match.noProposal')}</span>
      ) : (
        proposals.map((proposal) => (
          <Proposed
            key={proposal.items.map(({ id }) => id).join()}
            {...{ line, known, proposal, mayAct }}
          />
        ))
      )}
      {mayAct && (
        <span>
          <Button look="quiet" onClick={onAside}>
            {t('match.setAside')}
          </Button>
        </span>
      )}
    </li>
  )
}

function Proposed({
  line,
  known,
  proposal,
  mayAct,
}: {
  readonly line: StatementLineView
  readonly known: BankMatch
  readonly proposal: MatchProposal
  readonly mayAct: boolean
}) {
  const t = useText()
  const { error, isPending, mutate } = useAccept(line, known, proposal)
  const isBooked = toDeposit(known, proposal).length === 0
  const names = proposal.items.map(({ kind, id }) =>
    kind === 'order'
      ? t('match.order')
      : (known.bags.find((bag) => bag.id === id)?.number ?? t('bag.bag')),
  )
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2">
      <span className="min-w-0">
        <span className="font-semibold break-all">{names.join(' + ')}</span>
        <span className="block text-ink-soft">
          {proposal.reasons.map((reason) => t(`match.reason.${reason}`)).join(', ')}
          {!isBooked && ` · ${t('match.deposits')}`}
        </span>
        {proposal.differenceMinor !== 0 && (
          <span className="block text-warn">
            {t('match.difference')}{' '}
            <MoneyText
              amount={minor(proposal.differenceMinor)}
              currency={line.currency}
              sign="always"
              unit="hide"
            />
          </span>
        )}
        {error !== null && (
          <span role="alert" className="block text-danger">
            {t(describeSafeRefusal(error))}
          </span>
        )}
      </span>
      {mayAct && (
        <Button disabled={isPending} onClick={() => mutate()}>
          {isPending ? t('safe.busy') : t('match.accept')}
        </Button>
      )}
    </div>
  )
}

/** Bags of a proposal that nobody booked as banked yet. */
function toDeposit(known: BankMatch, { items }: MatchProposal) {
  return known.bags.filter(
    (bag) => bag.state !== 'deposited' && items.some(({ id }) => id === bag.id),
  )
}

/**
 * Accepts a proposal: bags that were not booked yet are banked on the line's day, and then the line is matched. Each
 * is an act with an id of its own that stands as long as the proposal does, so pressing again does nothing twice.
 */
function useAccept(line: StatementLineView, known: BankMatch, proposal: MatchProposal) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const [ids] = useState(() => ({
    match: makeId(),
    bags: new Map(proposal.items.map(({ id }) => [id, makeId()])),
  }))
  return useMutation({
    mutationFn: async () => {
      const { currency, bookedOn, reference } = line
      const waiting = toDeposit(known, proposal)
      for (const bag of waiting) {
        // One bag is credited with what the line says; of several nobody knows which one differs.
        const credited = proposal.items.length === 1 ? [{ currency, minor: line.amountMinor }] : []
        const said = { id: ids.bags.get(bag.id), bankedOn: bookedOn, reference, credited }
        await api.actAtSafe(`/v1/bags/${bag.id}/deposit`, said)
      }
      const of = (kind: 'bag' | 'order') =>
        proposal.items.filter((item) => item.kind === kind).map(({ id }) => id)
      const said = { id: ids.match, bags: of('bag'), orders: of('order') }
      await api.actAtSafe(`/v1/statement-lines/${line.id}/match`, said)
    },
    onSuccess: () => toast(t('match.accepted')),
    // Also after a failure: what was booked until then is shown.
    onSettled: () => cache.invalidateQueries({ queryKey: ['safe'] }),
  })
}
