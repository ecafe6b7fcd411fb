import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EveningMovement } from '@tillkeeper/client/api/evening-shapes.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Check, CircleCheck, CircleDot } from 'lucide-react'
import { useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { MovementPaper } from '../receipts/movement-paper.tsx'
import { Section } from '../shell/page-head.tsx'
import { useIsShop } from '../shell/use-is-shop.ts'
import { useTimeZone } from '../shell/use-scope.ts'
import { ConfirmDropDialog } from './confirm-drop-dialog.tsx'
import { describeEveningRefusal, describeMovement } from './describe-evening.ts'

/** Cash that was moved by hand, with what stands on its paper; others verify it, one by one or all. */
export function EveningMovements({
  movements,
}: {
  readonly movements: readonly EveningMovement[]
}) {
  const t = useText()
  const isShop = useIsShop()
  const mayVerify = useMay()('till.verify') && isShop
  const verify = useVerifyMovements()
  // A drop is counted and signed for, one by one; the rest is looked at.
  const left = movements
    .filter(({ type, verified, own }) => type !== 'drop' && !verified && !own)
    .map(({ id }) => id)
  return (
    <Section
      title={t('evening.movements')}
      action={
        mayVerify &&
        left.length > 1 && (
          <Button look="quiet" disabled={verify.isPending} onClick={() => verify.mutate(left)}>
            {t('evening.verifyAll', { count: left.length })}
          </Button>
        )
      }
    >
      {verify.error !== null && (
        <p role="alert" className="mx-5 my-1 border-l-4 border-danger pl-3 text-small text-danger">
          {t(describeEveningRefusal(verify.error))}
        </p>
      )}
      <ul className="m-0 list-none p-0 pb-2">
        {movements.map((movement) => (
          <MovementLine
            key={movement.id}
            movement={movement}
            onVerify={mayVerify ? () => verify.mutate([movement.id]) : undefined}
          />
        ))}
      </ul>
    </Section>
  )
}

/** Verifies movements, and says so. */
export function useVerifyMovements() {
  const t = useText()
  const toast = useToast()
  const cache = useQueryClient()
  const { api } = useClients()
  return useMutation({
    mutationFn: (movementIds: readonly string[]) =>
      api.verifyMovements({ id: makeId(), movementIds }),
    onSuccess: async (_, movementIds) => {
      toast(t('evening.movementsVerified', { count: movementIds.length }))
      await cache.invalidateQueries()
    },
  })
}

function MovementLine({
  movement,
  onVerify,
}: {
  readonly movement: EveningMovement
  readonly onVerify: (() => void) | undefined
}) {
  const t = useText()
  const zone = useTimeZone()(movement.shopId)
  const maySign = useMay()('cash.confirm')
  const [signs, setSigns] = useState(false)
  const [shown, setShown] = useState(false)
  const isDrop = movement.type === 'drop'
  const done = movement.verified || movement.confirmed
  const said = [movement.category, movement.recipient, movement.note].filter(
    (text) => text !== null && text !== '',
  )
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-center gap-x-3 border-t border-line px-5 py-2 text-small first:border-t-0 sm:grid-cols-[1.5rem_minmax(0,1fr)_auto_8rem]">
      {done ? (
        <CircleCheck aria-hidden="true" size={20} className="text-good" />
      ) : (
        <CircleDot aria-hidden="true" size={20} className="text-accent" />
      )}
      <span className="min-w-0">
        <button
          type="button"
          onClick={() => setShown(true)}
          className="block min-h-6 cursor-pointer border-0 bg-transparent p-0 text-left font-medium text-body text-ink underline decoration-line-strong/50 underline-offset-3"
        >
          {t(describeMovement(movement.type))}
        </button>
        <span className="block text-ink-soft">
          <DateText instant={movement.occurredAt} timeZone={zone} form="time" />
          {movement.tillNumber !== null &&
            ` · ${t('till.number', { number: movement.tillNumber })}`}
          {` · ${movement.staffName}`}
          {said.length > 0 && ` · ${said.join(' · ')}`}
        </span>
      </span>
      <MoneyText amount={minor(movement.amountMinor)} currency={movement.currency} unit="hide" />
      <span className="col-start-2 sm:col-start-auto sm:text-right">
        {done ? (
          <span className="text-good">{t('evening.movementVerified')}</span>
        ) : movement.own ? (
          <span className="text-ink-soft">{t('evening.own')}</span>
        ) : (
          onVerify !== undefined &&
          (!isDrop || maySign) && (
            <Button
              icon={<Check aria-hidden="true" size={16} />}
              onClick={isDrop ? () => setSigns(true) : onVerify}
            >
              {t(isDrop ? 'evening.sign' : 'evening.verify')}
            </Button>
          )
        )}
      </span>
      {shown && (
        <MovementPaper
          id={movement.id}
          title={t(describeMovement(movement.type))}
          onClose={() => setShown(false)}
        />
      )}
      {signs && <ConfirmDropDialog drop={movement} onClose={() => setSigns(false)} />}
    </li>
  )
}
