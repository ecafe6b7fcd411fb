import { useMutation } from '@tanstack/react-query'
import type { LiveRecycler, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { readPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { ReasonDialog } from '../shell/reason-dialog.tsx'
import { describeMachineRefusal, describeState } from './describe-machine.ts'
import { stateOf } from './machine-alerts.ts'
import { pictureOf, type Slot, type Stock } from './stock-picture.ts'

const keyOf = ({ unit, currency, faceMinor }: Pick<Slot, 'unit' | 'currency' | 'faceMinor'>) =>
  `${unit} ${currency} ${faceMinor}`

/** Books what a machine counted, or a person in it: face by face what differs is over or short. */
export function CountDialog({
  machine,
  live,
  onClose,
}: {
  readonly machine: RecyclerView
  readonly live: LiveRecycler
  readonly onClose: () => void
}) {
  const t = useText()
  const { api } = useClients()
  const [byHand, setByHand] = useState<ReadonlyMap<string, number>>()
  const stock = live.stock ?? []
  const state = stateOf(machine, live)
  const isResting = state.is === 'ready' || state.is === 'fault'
  return (
    <ReasonDialog
      size="large"
      title={t('machine.count')}
      label={t('machine.reason')}
      confirm={t('machine.count.book')}
      done={t('machine.count.booked')}
      isComplete={stock.length > 0 && isResting}
      act={({ id, reason }) =>
        api.resolveMachine(machine.id, { id, counted: countedOf(stock, byHand), reason })
      }
      describe={describeMachineRefusal}
      onClose={onClose}
    >
      <p className="m-0 text-small text-ink-soft">
        {t(machine.known ? 'machine.count.how' : 'machine.count.first')}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {live.capabilities?.verify === true && <VerifyButton machine={machine} live={live} />}
        <span role="status" className="text-small">
          {t(describeState(state).text)}
        </span>
      </div>
      <StockTable machine={machine} stock={stock} byHand={byHand} onByHand={setByHand} />
      <label className="flex items-center gap-3 text-body">
        <input
          type="checkbox"
          className="size-5 accent-(--accent)"
          checked={byHand !== undefined}
          onChange={({ target }) => setByHand(target.checked ? new Map() : undefined)}
        />
        {t('machine.count.byHand')}
      </label>
    </ReasonDialog>
  )
}

/** The machine counts itself: what it no longer trusts is trusted after it. */
export function VerifyButton({
  machine,
  live,
}: {
  readonly machine: Pick<RecyclerView, 'id'>
  readonly live: LiveRecycler
}) {
  const t = useText()
  const { api } = useClients()
  const verify = useMutation({ mutationFn: () => api.orderMachine(machine.id, 'verify') })
  const isAtWork = live.at !== 'idle' && live.at !== 'stopped'
  return (
    <>
      <Button disabled={verify.isPending || isAtWork} onClick={() => verify.mutate()}>
        {t('machine.verify')}
      </Button>
      {verify.error !== null && (
        <span role="alert" className="text-small text-danger">
          {t(describeMachineRefusal(verify.error))}
        </span>
      )}
    </>
  )
}

/** A stock as it was counted: what a person found in a place goes before what the machine says. */
export function countedOf(stock: Stock, byHand: ReadonlyMap<string, number> | undefined): Stock {
  return stock.map((line) => ({ ...line, pieces: byHand?.get(keyOf(line)) ?? line.pieces }))
}

function StockTable({
  machine,
  stock,
  byHand,
  onByHand,
}: {
  readonly machine: RecyclerView
  readonly stock: Stock
  readonly byHand: ReadonlyMap<string, number> | undefined
  readonly onByHand: (typed: ReadonlyMap<string, number>) => void
}) {
  const t = useText()
  return pictureOf(machine, stock).map(({ unit, currency, slots }) => (
    <table
      key={`${unit} ${currency}`}
      aria-label={`${t(`machine.unit.${unit}`)} ${currency}`}
      className="w-full border-collapse text-small"
    >
      <thead>
        <tr className="text-ink-soft">
          <th scope="col" className="py-1 pr-3 text-left font-medium">
            {t(`machine.unit.${unit}`)} · {currency}
          </th>
          <th scope="col" className="w-24 px-3 py-1 text-right font-medium">
            {t('machine.count.books')}
          </th>
          <th scope="col" className="w-28 px-3 py-1 text-right font-medium">
            {t('machine.count.counted')}
          </th>
          <th scope="col" className="w-24 py-1 pl-3 text-right font-medium">
            {t('machine.count.difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        {/* Places with nothing in them say nothing, unless somebody found something there. */}
        {slots
          .filter(
            ({ pieces, booked }) => byHand !== undefined || pieces !== 0 || booked !== undefined,
          )
          .map((slot) => (
            <SlotRow
              key={slot.faceMinor}
              slot={slot}
              known={machine.known}
              typed={byHand === undefined ? undefined : (byHand.get(keyOf(slot)) ?? slot.pieces)}
              onType={(pieces) => onByHand(new Map(byHand).set(keyOf(slot), pieces))}
            />
          ))}
      </tbody>
    </table>
  ))
}

function SlotRow({
  slot,
  known,
  typed,
  onType,
}: {
  readonly slot: Slot
  readonly known: boolean
  /** Counted by hand; undefined where the machine's word is taken. */
  readonly typed: number | undefined
  readonly onType: (pieces: number) => void
}) {
  const t = useText()
  const booked = slot.booked ?? slot.pieces
  const difference = (typed ?? slot.pieces) - booked
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1 pr-3 text-left">
        <DenominationChip face={slot.faceMinor} currency={slot.currency} />
      </th>
      <td className="px-3 py-1 text-right text-ink-soft">{known ? booked : '–'}</td>
      <td className="px-3 py-1 text-right font-medium">
        {typed === undefined ? (
          slot.pieces
        ) : (
          <input
            inputMode="numeric"
            aria-label={t('ui.denomination.piecesOf', { face: slot.faceMinor / 100 })}
            value={typed}
            onFocus={(event) => event.currentTarget.select()}
            onChange={({ target }) => onType(readPieces(target.value) ?? 0)}
            className="h-9 w-20 rounded-md border border-line-strong bg-surface px-2 text-right"
          />
        )}
      </td>
      <td className="py-1 pl-3 text-right">
        {!known || difference === 0 ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <span className={difference < 0 ? 'font-medium text-danger' : 'font-medium text-warn'}>
            {difference > 0 ? '+' : '−'}
            {Math.abs(difference)}
          </span>
        )}
      </td>
    </tr>
  )
}
