import type { BankMatch, StatementLineView } from '@tillkeeper/client/api/safe-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText, DayText } from '@tillkeeper/ui/time/date-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { useTimeZone } from '../shell/use-scope.ts'

const reasonCharsMax = 200

/** A line of the bank: when, how much, what it says, and what was said of it and taken back. */
export function LineHead({ line }: { readonly line: StatementLineView }) {
  const t = useText()
  const zone = useTimeZone()(line.shopId)
  return (
    <>
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          <DayText day={line.bookedOn} /> · {line.account}
        </span>
        <span className="font-semibold">
          <MoneyText
            amount={minor(line.amountMinor)}
            currency={line.currency}
            sign="always"
            unit="hide"
          />{' '}
          <span className="text-[0.8em] font-normal text-ink-soft">{line.currency}</span>
        </span>
      </span>
      <span className="text-ink-soft break-words">
        {[line.reference, line.description].filter((text) => text !== '').join(' · ')}
      </span>
      {line.undone.map(({ id, kind, reason, staffName, undoneAt }) => (
        <span key={id} className="text-ink-soft break-words">
          {t(`match.undone.${kind}`, { reason })} · {staffName} ·{' '}
          <DateText instant={undoneAt} timeZone={zone} />
        </span>
      ))}
    </>
  )
}

/** Lines of which somebody said what they are; each can be taken back. */
export function SettledLines({
  known,
  lines,
  mayAct,
  onUndo,
}: {
  readonly known: BankMatch
  readonly lines: readonly StatementLineView[]
  readonly mayAct: boolean
  readonly onUndo: (line: StatementLineView) => void
}) {
  const t = useText()
  if (lines.length === 0) return null
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer px-5 py-3 text-small font-semibold">
        {t('match.settled', { count: lines.length })}
      </summary>
      <ul className="m-0 list-none p-0">
        {lines.map((line) => (
          <li
            key={line.id}
            className="flex flex-col gap-1.5 border-t border-line px-5 py-3 text-small"
          >
            <LineHead line={line} />
            <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <Said line={line} known={known} />
              {mayAct && (
                <Button look="quiet" onClick={() => onUndo(line)}>
                  {t('match.undo')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Said({ line, known }: { readonly line: StatementLineView; readonly known: BankMatch }) {
  const t = useText()
  const { match, aside } = line
  if (match === null) {
    return (
      <span className="min-w-0 break-words">
        {t('match.aside', { reason: aside?.reason ?? '' })}
        <span className="text-ink-soft"> · {aside?.staffName}</span>
      </span>
    )
  }
  const bags = match.bags.map((id) => known.bags.find((bag) => bag.id === id)?.number)
  const names = [
    ...bags.map((number) => number ?? t('bag.bag')),
    ...match.orders.map(() => t('match.order')),
  ]
  return (
    <span className="min-w-0">
      <span className="font-semibold break-all">{names.join(' + ')}</span>
      <span className="text-ink-soft"> · {match.staffName}</span>
    </span>
  )
}

export type LineAct = { readonly act: 'set-aside' | 'undo'; readonly line: StatementLineView }

/** Sets a line aside, or takes back what was said of it; both with a reason. */
export function LineDialog({
  act,
  line,
  onClose,
}: LineAct & {
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [reason, setReason] = useState('')
  const said = { reason: reason.trim() }
  const words = act === 'undo' ? 'match.undo' : 'match.setAside'
  return (
    <ActDialog
      title={t(words)}
      confirm={t(words)}
      done={t('bag.done')}
      isComplete={said.reason !== ''}
      act={(id) => api.actAtSafe(`/v1/statement-lines/${line.id}/${act}`, { id, ...said })}
      onClose={onClose}
    >
      <span className="flex flex-col gap-1 text-small">
        <LineHead line={line} />
      </span>
      <p className="m-0 text-small text-ink-soft">{t(`${words}.how`)}</p>
      <Field
        label={t('bag.reason')}
        value={reason}
        maxLength={reasonCharsMax}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
