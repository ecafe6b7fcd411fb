import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ActDialog } from '../cash/act-dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { describeMachineRefusal } from './describe-machine.ts'
import { HeldPieces } from './held-pieces.tsx'
import { facesBeyond, type Stock } from './stock-picture.ts'

/** What an earlier attempt took, and is to be given back for. */
export type Taken = {
  readonly attemptId: string
  readonly currency: Currency
  readonly keptMinor: Minor
}

/** Gives what an earlier attempt took, in chosen pieces or in those that the machine likes: it nets to nothing. */
export function GiveBackDialog({
  machine,
  live,
  taken,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler
  readonly taken: Taken
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const can = live.capabilities?.payOut ?? 'amount'
  const [byPieces, setByPieces] = useState(can !== 'amount')
  const [count, setCount] = useState<CashCount>(blankCount)
  const [stock] = useState<Stock>(live.stock ?? [])
  const { currency, keptMinor, attemptId: forAttemptId } = taken
  const left = minor(keptMinor - totalOf(count))
  const isComplete = !byPieces || (left === 0 && facesBeyond(count, stock, currency).length === 0)
  return (
    <ActDialog
      size={byPieces ? 'large' : 'small'}
      title={t('machine.giveBack')}
      confirm={t('machine.giveBack.begin')}
      done={t('machine.begun')}
      isComplete={isComplete}
      act={(attemptId) =>
        api.beginAttempt(machine.id, {
          ...{ attemptId, currency, links: { forAttemptId } },
          work: {
            ...{ kind: 'pay_out', amountMinor: keptMinor },
            ...(byPieces && { pieces: [...listPieces(count)] }),
          },
        })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <p className="m-0 flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-small text-ink-soft">{t('machine.giveBack.amount')}</span>
        <MoneyText amount={keptMinor} currency={currency} className="text-title font-semibold" />
      </p>
      {can === 'both' && (
        <label className="flex items-center gap-3 text-body">
          <input
            type="checkbox"
            className="size-5 accent-(--accent)"
            checked={!byPieces}
            onChange={({ target }) => setByPieces(!target.checked)}
          />
          {t('machine.giveBack.auto')}
        </label>
      )}
      {byPieces && (
        <>
          <p role="status" data-left={left} className="m-0 text-right text-small font-medium">
            {left === 0 ? (
              t('machine.giveBack.exact')
            ) : (
              <>
                {t(left > 0 ? 'machine.giveBack.left' : 'machine.giveBack.over')}{' '}
                <MoneyText amount={left} currency={currency} sign="never" />
              </>
            )}
          </p>
          <HeldPieces stock={stock} currency={currency} count={count} onCount={setCount} />
        </>
      )}
    </ActDialog>
  )
}
