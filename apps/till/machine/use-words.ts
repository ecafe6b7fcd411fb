import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useText } from '../words/use-text.ts'
import type { Fault, MachineAway } from './live-machines.ts'
import type { MachineAttempt } from './machine-state.ts'

const refusals = [
  ...(['recycler_offline', 'recycler_busy', 'recycler_stopped', 'recycler_not_of_till'] as const),
  ...(['recycler_not_found', 'recycler_not_able', 'recycler_left_less'] as const),
  ...(['approval_required', 'forbidden'] as const),
]

/** What the screens of the machine say of it: why it is away, why it did not begin. */
export function useMachineWords() {
  const t = useText()
  const [language] = useLanguage()
  const fault = (known: Fault | undefined) => {
    const why = t(`machine.fault.${known?.kind ?? 'unknown'}`)
    return known === undefined ? why : `${why} (${known.code})`
  }
  return {
    /** Why a machine cannot be asked, and what to do about it. */
    away: (machine: string, away: MachineAway) =>
      away.why === 'stopped'
        ? t('machine.do.stopped', { machine, why: fault(away.fault) })
        : t(`machine.do.${away.why}`, { machine }),
    /** Why an attempt did not begin. */
    refusal: (code: string | undefined) => {
      if (code === undefined) return t('machine.why.unheard')
      const known = refusals.find((each) => each === code)
      return known === undefined ? t('machine.why.other', { code }) : t(`machine.why.${known}`)
    },
    amount: ({ record }: Pick<MachineAttempt, 'record'>) =>
      formatMoney(record.work.amountMinor, { currency: record.currency, language }),
  }
}

/** What people call an attempt by: the shop's number of it, or until that is known the end of its own id. */
export function numberOf({ record, view }: Pick<MachineAttempt, 'record' | 'view'>): string {
  return view?.seqNo ?? record.attemptId.slice(-8)
}
