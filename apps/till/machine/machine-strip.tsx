import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useNode, useTill } from '../app/use-till.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { giveBack } from './ask-machine.ts'
import { useMachineHere } from './machine-method.tsx'
import { keptMinor, keysOf, type MachineAttempt, shownOf } from './machine-state.ts'
import { tellAttempt } from './run-attempts.ts'
import { numberOf, useMachineWords } from './use-words.ts'

/** A line for money at a machine that nobody stands before: it stays until it is where it belongs. */
export function MachineStrip({
  onResume,
}: {
  readonly onResume: (attempt: MachineAttempt) => void
}) {
  const t = useText()
  const node = useNode()
  const attempts = useTill((state) => state.attempts)
  const inFront = attempts.some(({ record }) => record.stage === 'asked')
  const [refusal, setRefusal] = useState<string>()
  const shown = attempts
    .filter(needsEyes)
    .sort((a, b) => urgency.indexOf(actionOf(a)) - urgency.indexOf(actionOf(b)))
  const [attempt] = shown
  if (attempt === undefined) return null
  const back = () => {
    setRefusal(undefined)
    void giveBack(node, attempt).then((begun) => begun.ok || setRefusal(begun.refusal.code))
  }
  const press = (key: 'write' | 'forget') =>
    tellAttempt(node, attempt.record.attemptId, { type: 'key', key })
  const what = actionOf(attempt)
  return (
    <section
      role="status"
      data-machine="strip"
      className="flex shrink-0 flex-wrap items-center gap-3 border-b border-line bg-warn-soft px-4 py-1.5 text-small leading-[1.5]"
    >
      <TriangleAlert aria-hidden="true" size={18} className="shrink-0 text-warn" />
      <span className="min-w-48 flex-1 font-medium">
        <Words attempt={attempt} />{' '}
        {shown.length > 1 && t('machine.strip.more', { count: shown.length - 1 })}
        {refusal !== undefined && (
          <span role="alert" className="block text-danger">
            {t(refusalKey(refusal), { code: refusal })}
          </span>
        )}
      </span>
      {what === 'give_back' && (
        <GiveBack disabled={inFront} currency={attempt.record.currency} onPress={back} />
      )}
      {what === 'resume' && (
        <Button size="touch" disabled={inFront} onClick={() => onResume(attempt)}>
          {t('machine.key.resume')}
        </Button>
      )}
      {what === 'write' && (
        <Button size="touch" onClick={() => press('write')}>
          {t('machine.key.complete')}
        </Button>
      )}
      {what === 'forget' && (
        <Button size="touch" onClick={() => press('forget')}>
          {t('machine.key.forget')}
        </Button>
      )}
    </section>
  )
}

/** Money goes home by the machine alone; while it cannot be asked, the key says why. */
function GiveBack({
  disabled,
  currency,
  onPress,
}: {
  readonly disabled: boolean
  readonly currency: Currency
  readonly onPress: () => void
}) {
  const t = useText()
  const away = useMachineHere(currency)?.away
  return (
    <Button size="touch" disabled={disabled || away !== undefined} onClick={onPress}>
      {t('machine.key.giveBack')}
      {away !== undefined && ` · ${t(`machine.away.${away.why}`)}`}
    </Button>
  )
}

// What was left and never heard of moves nothing unless it is heard of: it is watched without a word.
function needsEyes(attempt: MachineAttempt): boolean {
  const { stage } = attempt.record
  if (stage === 'asked') return false
  return stage === 'aside' || shownOf(attempt) !== 'not_begun'
}

/** What somebody can do now stands before what is only waited for. */
const urgency = ['write', 'give_back', 'forget', 'resume', 'none'] as const

function actionOf(attempt: MachineAttempt): (typeof urgency)[number] {
  const keys = keysOf(attempt)
  if (attempt.record.stage === 'aside') return keys.includes('write') ? 'write' : 'resume'
  if (shownOf(attempt) !== 'unresolved' && isKept(attempt)) return 'give_back'
  return keys.includes('forget') ? 'forget' : 'none'
}

/** Whether a machine certainly holds money of it. */
function isKept({ view }: MachineAttempt): boolean {
  return view?.state === 'ended' && view.ending === 'done' && keptMinor(view) > 0
}

function Words({ attempt }: { readonly attempt: MachineAttempt }) {
  const t = useText()
  const words = useMachineWords()
  const [language] = useLanguage()
  const { record, view } = attempt
  const number = numberOf(attempt)
  const amount = words.amount(attempt)
  const action = actionOf(attempt)
  if (record.stage === 'aside') {
    return t(action === 'write' ? 'machine.strip.asideDone' : 'machine.strip.aside', { amount })
  }
  if (action === 'give_back' && view !== undefined) {
    const { currency } = record
    const kept = formatMoney(minor(Math.max(0, keptMinor(view))), { currency, language })
    return t('machine.strip.leftIn', { amount: kept })
  }
  const shown = shownOf(attempt)
  if (shown === 'done') return t('machine.strip.leftOut', { amount, number })
  return t(shown === 'unresolved' ? 'machine.strip.unresolved' : 'machine.strip.left', {
    ...{ amount, number },
  })
}
