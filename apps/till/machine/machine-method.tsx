import type { Currency } from '@tillkeeper/core/money/money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useNode, useTill } from '../app/use-till.ts'
import { type Confirmed, confirmMachine, type Pay } from '../sale/pay-state.ts'
import { useText } from '../words/use-text.ts'
import { findMachine, type MachineHere } from './live-machines.ts'
import { useMachineWords } from './use-words.ts'

/** The machine of this till, drawn again whenever it says something. Undefined where there is none. */
export function useMachineHere(currency: Currency): MachineHere | undefined {
  const node = useNode()
  const machines = useTill((state) => state.machines)
  const { tillId } = node.device
  return useMemo(() => findMachine(machines, { tillId, currency }), [machines, tillId, currency])
}

/** A key that lets the machine take what is left; while it cannot, it says so. */
export function MachineMethod({
  pay,
  currency,
  onConfirm,
}: {
  readonly pay: Pay
  readonly currency: Currency
  readonly onConfirm: (confirmed: Confirmed) => void
}) {
  const t = useText()
  const here = useMachineHere(currency)
  if (here === undefined) return null
  const { away } = here
  const confirmed = confirmMachine(pay)
  return (
    <button
      type="button"
      data-machine="method"
      aria-keyshortcuts="F4"
      disabled={away !== undefined || confirmed.is === 'nothing'}
      onClick={() => onConfirm(confirmed)}
      className={joinClasses(
        'flex min-h-16 items-center justify-between gap-2 rounded-md border-2 border-line',
        'bg-surface px-3 py-1 text-left text-small leading-[1.4] font-semibold hover:bg-hover',
        'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-soft',
      )}
    >
      <span>
        <span className="block">{t('pay.machine')}</span>
        {away !== undefined && (
          <span className="block font-normal">{t(`machine.away.${away.why}`)}</span>
        )}
      </span>
      {away === undefined && (
        <span aria-hidden="true" className="text-[0.75em] font-normal">
          F4
        </span>
      )}
    </button>
  )
}

/** Why this till's machine cannot be asked, and what to do. Nothing where it can, or where there is none. */
export function MachineAwayNote({ currency }: { readonly currency: Currency }) {
  const words = useMachineWords()
  const here = useMachineHere(currency)
  if (here?.away === undefined) return null
  return (
    <p
      role="status"
      data-machine="away"
      className="scrolls m-0 mt-auto mb-3 flex min-h-0 items-start gap-2 rounded-md bg-warn-soft p-3 text-small leading-[1.5]"
    >
      <TriangleAlert aria-hidden="true" size={18} className="mt-1 shrink-0 text-warn" />
      <span>{words.away(here.name, here.away)}</span>
    </p>
  )
}

/** The machine as one of several ways, where there is one; while it cannot be asked, it says why. */
export function MachineChoice({
  currency,
  chosen,
  disabled,
  onChoose,
}: {
  readonly currency: Currency
  readonly chosen: boolean
  readonly disabled: boolean
  readonly onChoose: () => void
}) {
  const t = useText()
  const here = useMachineHere(currency)
  if (here === undefined) return null
  const { away } = here
  return (
    <button
      type="button"
      data-machine="choice"
      aria-pressed={chosen}
      disabled={disabled || away !== undefined}
      onClick={onChoose}
      className={joinClasses(
        'min-h-12 rounded-md border-2 px-4 text-small font-medium',
        'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-soft',
        chosen ? 'border-accent bg-accent-soft text-accent' : 'border-line hover:bg-hover',
      )}
    >
      {t('pay.machine')}
      {away !== undefined && ` · ${t(`machine.away.${away.why}`)}`}
    </button>
  )
}
