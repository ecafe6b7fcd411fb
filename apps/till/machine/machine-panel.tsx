import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Banknote, Check, LoaderCircle, TriangleAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import type { TillKey } from '../words/en.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { askAgain } from './ask-machine.ts'
import { findMachine } from './live-machines.ts'
import type { MachineRecord } from './machine-record.ts'
import {
  keysOf,
  type MachineAttempt,
  type MachineKey,
  type Shown,
  shownOf,
} from './machine-state.ts'
import { tellAttempt } from './run-attempts.ts'
import { numberOf, useMachineWords } from './use-words.ts'

/** What a person may do beside the attempt's own keys. */
type PanelKey = MachineKey | 'again'

/** One attempt at a machine, whatever it is for: what is due, what moved so far, and what to do when it does not. */
export function MachinePanel({
  attemptId,
  onLeft,
}: {
  readonly attemptId: string
  /** It was left or put aside: the screen goes on without it. */
  readonly onLeft: (record: MachineRecord, how: 'leave' | 'aside') => void
}) {
  const t = useText()
  const node = useNode()
  const attempt = useTill(({ attempts }) =>
    attempts.find(({ record }) => record.attemptId === attemptId),
  )
  // Once it is written it is gone from the list: until the screen goes on, it is shown as it was.
  const last = useRef(attempt)
  if (attempt !== undefined) last.current = attempt
  const drawn = last.current
  const [refusal, setRefusal] = useState<string>()
  const keys = attempt === undefined ? [] : panelKeysOf(attempt)
  const press = (key: PanelKey) => {
    if (attempt === undefined) return
    setRefusal(undefined)
    if (key === 'again') {
      void askAgain(node, attempt).then((begun) => {
        if (begun.ok) return
        setRefusal(begun.refusal.code)
        onLeft(attempt.record, 'leave')
      })
      return
    }
    tellAttempt(node, attemptId, { type: 'key', key })
    if (key === 'leave' || key === 'aside') onLeft(attempt.record, key)
  }
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    const next = attempt === undefined ? undefined : nextOf(attempt, keys)
    if (event.key === 'Enter' && !pressesButton(event) && next !== undefined) press(next)
    else if (event.key === 'Escape' && keys.includes('cancel')) press('cancel')
    // Nothing that stands behind may hear: money is moving.
    return !pressesButton(event) && event.key !== 'Tab'
  })
  if (drawn === undefined) return <PanelFrame title={t('machine.title')}>{null}</PanelFrame>
  return (
    <PanelFrame
      title={`${t('machine.title')} · ${drawn.record.machine}`}
      foot={keys.length > 0 && <Keys attempt={drawn} keys={keys} onPress={press} />}
    >
      <div
        data-machine="panel"
        data-machine-state={shownOf(drawn)}
        data-attempt={attemptId}
        className="flex max-w-3xl flex-col gap-5 px-4 py-6 max-[600px]:py-4"
      >
        <State attempt={drawn} />
        <Figures attempt={drawn} />
        <Problem attempt={drawn} refusal={refusal} />
        <p className="m-0 text-small text-ink-soft">
          {t('machine.attempt', { number: numberOf(drawn) })}
        </p>
      </div>
    </PanelFrame>
  )
}

function panelKeysOf(attempt: MachineAttempt): readonly PanelKey[] {
  const keys = keysOf(attempt)
  return shownOf(attempt) === 'not_done' ? [...keys, 'again'] : keys
}

/** The one next action. While money goes in, there is none: a cancel is never pressed by the way. */
function nextOf(attempt: MachineAttempt, [first]: readonly PanelKey[]): PanelKey | undefined {
  return first === 'cancel' && shownOf(attempt) !== 'short' ? undefined : first
}

const problems = new Set<Shown>([
  ...(['short', 'away', 'open', 'unresolved', 'kept_more'] as const),
  ...(['not_done', 'not_begun', 'unwritten'] as const),
])

type Problem = Extract<
  Shown,
  'short' | 'away' | 'open' | 'unresolved' | 'kept_more' | 'not_done' | 'not_begun' | 'unwritten'
>
const isProblem = (shown: Shown): shown is Problem => problems.has(shown)

const wayOf = ({ record }: MachineAttempt) => (record.work.kind === 'pay_in' ? 'in' : 'out')

/** What goes on, in one line that is read out. */
function State({ attempt }: { readonly attempt: MachineAttempt }) {
  const t = useText()
  const shown = shownOf(attempt)
  if (isProblem(shown)) return null
  const Icon = shown === 'done' ? Check : shown === 'working' ? Banknote : LoaderCircle
  return (
    <p
      role="status"
      className={joinClasses(
        'm-0 flex items-center gap-3 text-title font-semibold leading-[1.5]',
        shown === 'done' ? 'text-good' : 'text-accent',
      )}
    >
      <Icon aria-hidden="true" size={26} className="shrink-0" />
      {t(`machine.${wayOf(attempt)}.${shown}`)}
    </p>
  )
}

/** What is due, what moved so far, and what is left of it: each news is drawn as it comes. */
function Figures({ attempt }: { readonly attempt: MachineAttempt }) {
  const t = useText()
  const { record, view } = attempt
  const { currency, work } = record
  const due = work.amountMinor
  const shown = shownOf(attempt)
  const label = t(work.kind === 'pay_in' ? 'machine.due' : 'machine.toGive')
  // Nothing moved, or it came back, or nothing was heard at all: only what is due can be said.
  const unheard = shown === 'away' && view === undefined
  if (shown === 'not_done' || shown === 'not_begun' || unheard) {
    return <Small name="due" label={label} amount={due} currency={currency} />
  }
  if (work.kind === 'pay_out') {
    const given = view?.out?.minor ?? view?.givingMinor ?? minor(0)
    return (
      <>
        <Large name="giving" label={t('machine.given')} amount={given} currency={currency} />
        <Bar part={given} whole={due} />
        <Small name="due" label={label} amount={due} currency={currency} />
      </>
    )
  }
  const inserted = view?.in?.minor ?? view?.insertedMinor ?? minor(0)
  const missing = minor(Math.max(0, due - inserted))
  const change = minor(Math.max(0, inserted - due))
  return (
    <>
      <Large
        name="inserted"
        label={t(shown === 'away' ? 'machine.lastHeard' : 'machine.inserted')}
        {...{ amount: inserted, currency }}
      />
      <Bar part={inserted} whole={due} />
      <div className="grid grid-cols-2 gap-6 max-[600px]:grid-cols-1 max-[600px]:gap-1">
        <Small name="due" label={label} amount={due} currency={currency} />
        {change > 0 ? (
          <Small name="change" label={t('machine.change')} amount={change} currency={currency} />
        ) : (
          <Small name="missing" label={t('machine.missing')} amount={missing} currency={currency} />
        )}
      </div>
    </>
  )
}

type FigureProps = {
  readonly name: 'inserted' | 'giving' | 'due' | 'missing' | 'change'
  readonly label: string
  readonly amount: Minor
  readonly currency: MachineRecord['currency']
}

function Large({ name, label, amount, currency }: FigureProps) {
  return (
    <p className="m-0">
      <span className="block text-small text-ink-soft">{label}</span>
      <span
        data-machine={name}
        data-minor={amount}
        className="block text-[4.5rem] leading-tight font-semibold max-[600px]:text-[3rem]"
      >
        <MoneyText amount={amount} currency={currency} />
      </span>
    </p>
  )
}

function Small({ name, label, amount, currency }: FigureProps) {
  return (
    <p className="m-0 flex items-baseline justify-between gap-4 border-b border-line py-2">
      <span className="text-small text-ink-soft">{label}</span>
      <span data-machine={name} data-minor={amount} className="text-title font-semibold">
        <MoneyText amount={amount} currency={currency} />
      </span>
    </p>
  )
}

/** How far it is. The figures beside it say the same. */
function Bar({ part, whole }: { readonly part: Minor; readonly whole: Minor }) {
  const share = whole === 0 ? 0 : Math.min(1, part / whole)
  return (
    <div aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-sunken">
      <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
    </div>
  )
}

/** What happened, what is safe, and what to do next. */
function Problem({
  attempt,
  refusal,
}: {
  readonly attempt: MachineAttempt
  readonly refusal: string | undefined
}) {
  const t = useText()
  const node = useNode()
  const words = useMachineWords()
  const [language] = useLanguage()
  const machines = useTill((state) => state.machines)
  const shown = shownOf(attempt)
  if (!isProblem(shown)) return null
  const { record, view } = attempt
  const { currency } = record
  const calm = shown === 'not_done' || shown === 'not_begun'
  const of = shown === 'kept_more' ? 'machine.in.kept_more' : `machine.${wayOf(attempt)}.${shown}`
  const say = (part: 'title' | 'safe' | 'next') =>
    t(`${of}.${part}` as TillKey, { amount: words.amount(attempt) })
  const said = (amount: { readonly minor: Minor } | null | undefined) =>
    formatMoney(amount?.minor ?? minor(0), { currency, language })
  const here = findMachine(machines, { tillId: node.device.tillId, currency })
  const extra = [
    shown === 'not_begun' && words.refusal(attempt.refusal),
    shown === 'unwritten' &&
      t(refusalKey(attempt.actRefusal ?? ''), { code: attempt.actRefusal ?? '' }),
    (shown === 'unresolved' || shown === 'kept_more') &&
      view?.state === 'ended' &&
      t('machine.said', { taken: said(view.in), given: said(view.out) }),
    (shown === 'open' || (shown === 'away' && here?.away?.why === 'no_login')) &&
      here?.away !== undefined &&
      words.away(here.name, here.away),
    refusal !== undefined && t(refusalKey(refusal), { code: refusal }),
  ].filter((each) => each !== false)
  return (
    <div
      role="alert"
      className={joinClasses(
        'flex flex-col gap-1 border-l-4 py-1 pl-4',
        calm ? 'border-line-strong' : 'border-warn',
      )}
    >
      <p
        className={joinClasses(
          'm-0 flex items-center gap-2 text-title font-semibold leading-[1.5]',
          !calm && 'text-warn',
        )}
      >
        {!calm && <TriangleAlert aria-hidden="true" size={24} className="shrink-0" />}
        {say('title')}
      </p>
      {[...extra, say('safe'), say('next')].map((line) => (
        <p key={line} className="m-0 max-w-[60ch] text-body leading-[1.5]">
          {line}
        </p>
      ))}
    </div>
  )
}

function Keys({
  attempt,
  keys,
  onPress,
}: {
  readonly attempt: MachineAttempt
  readonly keys: readonly PanelKey[]
  readonly onPress: (key: PanelKey) => void
}) {
  const t = useText()
  // The next action is the last one, as everywhere.
  const next = nextOf(attempt, keys)
  return keys.toReversed().map((key) => {
    const primary = key === next
    return (
      <Button
        key={key}
        size="pay"
        look={primary ? 'primary' : 'plain'}
        shortcut={primary ? 'Enter' : key === 'cancel' ? 'Esc' : undefined}
        data-machine-key={key}
        onClick={() => onPress(key)}
      >
        {t(wordOf(attempt, key))}
      </Button>
    )
  })
}

function wordOf(attempt: MachineAttempt, key: PanelKey): TillKey {
  const { task, work } = attempt.record
  switch (key) {
    case 'cancel':
      return work.kind === 'pay_in' ? 'machine.key.cancel' : 'machine.key.stop'
    case 'leave':
      return task.kind === 'sale' ? 'machine.key.payOther' : 'machine.key.leave'
    case 'write':
      return shownOf(attempt) === 'kept_more' ? 'machine.key.complete' : 'machine.key.write'
    default:
      return `machine.key.${key}`
  }
}
