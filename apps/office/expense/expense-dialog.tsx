import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { type ReactNode, useEffect, useState } from 'react'
import { useClients, useEmployee, useMay } from '../api/clients.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import { queries } from '../api/queries.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { usePlaces } from '../shell/use-places.ts'

const noteCharsMax = 200

/** One expense with all that became of it; who may, and did not ask for it, answers it here. */
export function ExpenseDialog({
  expense,
  onClose,
}: {
  readonly expense: ExpenseView
  readonly onClose: () => void
}) {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  const may = useMay()
  const own = useEmployee().id === expense.staffId
  // One id for as long as the question stands: a second press, or one after a cut line, does it once.
  const [id] = useState(makeId)
  const [note, setNote] = useState('')
  const open = expense.state === 'requested' && may('expense.approve')
  const answer = useMutation({
    mutationFn: (approve: boolean) =>
      api.answerExpense(expense.id, {
        ...{ id, approve },
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
    onSuccess: async (_, approve) => {
      toast(t(approve ? 'expense.approvedDone' : 'expense.declinedDone'))
      onClose()
      await cache.invalidateQueries()
    },
  })
  const busy = answer.isPending
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${expense.categoryName} · ${expense.staffName}`}
      actions={
        open && !own ? (
          <>
            <Button look="quiet" disabled={busy} onClick={() => answer.mutate(false)}>
              {t('expense.decline')}
            </Button>
            <Button look="primary" disabled={busy} onClick={() => answer.mutate(true)}>
              {t('expense.approve')}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>{t('ui.close')}</Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Course expense={expense} />
        {expense.settlement?.photoId != null && <Photo id={expense.settlement.photoId} />}
        {open && own && <p className="m-0 text-small text-warn">{t('expense.own')}</p>}
        {open && !own && (
          <Field
            label={t('expense.note')}
            value={note}
            maxLength={noteCharsMax}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
        {answer.error !== null && (
          <p role="alert" className="m-0 border-l-4 border-danger py-1 pl-3 text-small text-danger">
            {t(refusalOf(answer.error))}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function refusalOf(error: unknown): OfficeKey {
  if (faultOf(error) === 'unreachable') return 'settle.unreachable'
  if (!(error instanceof ApiProblem)) return 'expense.refused'
  if (error.code === 'expense_not_open') return 'expense.refused.answered'
  return error.code === 'approval_limit' ? 'expense.refused.limit' : 'expense.refused'
}

/** From the question to the receipt, line by line. */
function Course({ expense }: { readonly expense: ExpenseView }) {
  const t = useText()
  const { zone } = usePlaces()
  const { currency, answer, payment, settlement } = expense
  const at = (instant: string) => <DateText instant={instant} timeZone={zone(expense.shopId)} />
  const rows: (readonly [string, ReactNode])[] = [
    [
      t('expense.asked'),
      <MoneyText key="asked" amount={expense.amountMinor} currency={currency} />,
    ],
    [t('expense.requestedAt'), at(expense.requestedAt)],
    [t('expense.purpose'), expense.purpose],
  ]
  if (expense.recipient !== '') rows.push([t('expense.recipient'), expense.recipient])
  if (expense.dueAt !== null) rows.push([t('expense.dueAt'), at(expense.dueAt)])
  for (const limit of expense.above) rows.push([t('expense.above'), t(`expense.above.${limit}`)])
  if (answer !== null) {
    const said = t(answer.approved ? 'expense.state.approved' : 'expense.state.declined')
    rows.push([said, [answer.approverName, answer.note].filter((each) => each !== '').join(': ')])
  }
  if (payment !== null) {
    rows.push([t('expense.paidBy'), payment.staffName], [t('expense.paidAt'), at(payment.paidAt)])
  }
  if (settlement !== null) {
    const money = (amount: typeof settlement.spentMinor) => (
      <MoneyText amount={amount} currency={currency} />
    )
    rows.push(
      [t('expense.spent'), money(settlement.spentMinor)],
      [t('expense.returned'), money(settlement.returnedMinor)],
      [
        t('expense.difference'),
        <VarianceText key="difference" amount={settlement.varianceMinor} currency={currency} />,
      ],
      [t('expense.settledBy'), settlement.staffName],
    )
    if (settlement.noReceipt !== '') rows.push([t('expense.noReceipt'), settlement.noReceipt])
  }
  return (
    <dl className="m-0 grid grid-cols-[minmax(8rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-body leading-[1.5]">
      {rows.map(([name, value]) => (
        <div key={`${name} ${String(value)}`} className="contents">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="m-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A stored photo, which opens large in a window of its own. */
export function Photo({ id }: { readonly id: string }) {
  const t = useText()
  const { api } = useClients()
  const { data, isError } = useQuery(queries(api).photo(id))
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (data === undefined) return
    const made = URL.createObjectURL(data)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [data])
  if (isError) return <p className="m-0 text-small text-ink-soft">{t('expense.photoMissing')}</p>
  if (url === undefined) return null
  return (
    <a href={url} target="_blank" rel="noreferrer">
      <img
        src={url}
        alt={t('expense.photo')}
        className="max-h-80 w-full rounded-md border border-line object-contain"
      />
    </a>
  )
}
