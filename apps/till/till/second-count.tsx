import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, readPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace } from '@tillkeeper/ui/money/format-money.ts'
import { useRef, useState } from 'react'
import { getCurrency, makeId } from '../app/node.ts'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { CountForm, CountFrame, CountTotals, CurrencyTabs } from './count-form.tsx'
import { type Counts, listCountAmounts } from './count-state.ts'
import {
  agreeOn,
  compareSecond,
  countSecond,
  type Differing,
  type SecondCount as Second,
  settleSecond,
  startSecond,
} from './second-count-state.ts'
import { countTill } from './session-life.ts'
import { SignDialog } from './sign-dialog.tsx'

type Props = {
  readonly sessionId: string
  readonly first: Counts
  readonly currencies: readonly Currency[]
  /** What both found, and who counted second. */
  readonly onCounted: (counts: Counts, name: string) => void
  readonly onBack: () => void
}

/** A second person signs, counts blind, and what differs between the two is counted together. */
export function SecondCountScreen(props: Props) {
  const { sessionId, first, onBack } = props
  const t = useText()
  const node = useNode()
  const own = getCurrency(node)
  const [second, setSecond] = useState<Second>({ stage: 'signing' })
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  useKeys((event) => {
    if (event.key !== 'Escape' || saving || second.stage === 'signing') return false
    onBack()
    return true
  })
  // Both counts are kept before anybody sees where they differ.
  const compare = async () => {
    if (second.stage !== 'counting' || saving) return
    setSaving(true)
    const kept = [
      ...listCountAmounts(first, own).map((each) => ({ ...each, kind: 'snap' as const })),
      ...listCountAmounts(second.counts, own).map((each) => ({
        ...{ ...each, kind: 'second' as const, staffId: second.by.id },
      })),
    ]
    for (const { pieces, ...count } of kept) {
      const id = makeId(node.nowMs())
      const counted = await countTill(node, { id, sessionId, ...count, faces: pieces })
      if (!counted.ok) {
        setSaving(false)
        return setRefusal(counted.refusal.code)
      }
    }
    setSaving(false)
    setSecond(compareSecond(second, first))
  }
  const said = refusal === undefined ? '' : t(refusalKey(refusal), { code: refusal })
  switch (second.stage) {
    case 'signing':
      return (
        <SignDialog
          what={t('second.what')}
          permission="till.close"
          onSigned={({ person }) => setSecond(startSecond(person))}
          onClose={onBack}
        />
      )
    case 'counting':
      return (
        <Counting
          {...props}
          {...{ second, saving, said }}
          onSecond={setSecond}
          onCompare={() => void compare()}
        />
      )
    case 'comparing':
      return <Comparing {...props} second={second} onSecond={setSecond} />
  }
}

type At<Stage extends Second['stage']> = Extract<Second, { stage: Stage }>

/** The second person's own count, blank at first. */
function Counting({
  second,
  currencies,
  saving,
  said,
  onSecond,
  onCompare,
  onBack,
}: Props & {
  readonly second: At<'counting'>
  readonly saving: boolean
  readonly said: string
  readonly onSecond: (second: Second) => void
  readonly onCompare: () => void
}) {
  const t = useText()
  const own = getCurrency(useNode())
  const [currency, setCurrency] = useState(own)
  const button = useRef<HTMLButtonElement>(null)
  const { counts, by } = second
  return (
    <CountFrame
      title={t('second.title', { name: by.name })}
      intro={t('second.intro')}
      onLeave={onBack}
      aside={
        <>
          <CountTotals counts={listCountAmounts(counts, own)} />
          <Button ref={button} size="pay" look="primary" disabled={saving} onClick={onCompare}>
            {saving ? t('pay.saving') : t('second.compare')}
          </Button>
          <Button size="touch" look="quiet" shortcut="Esc" disabled={saving} onClick={onBack}>
            {t('common.back')}
          </Button>
          <p role="alert" className="m-0 min-h-6 text-small text-danger">
            {said}
          </p>
        </>
      }
    >
      <CurrencyTabs {...{ currencies, counts }} chosen={currency} onChoose={setCurrency} />
      <CountForm
        key={currency}
        currency={currency}
        count={counts.get(currency) ?? blankCount}
        onCount={(count) => onSecond(countSecond(second, currency, count))}
        onDone={() => button.current?.focus()}
        disabled={saving}
      />
    </CountFrame>
  )
}

/** Only what differs: they count it together. */
function Comparing({
  second,
  first,
  onSecond,
  onCounted,
  onBack,
}: Props & { readonly second: At<'comparing'>; readonly onSecond: (second: Second) => void }) {
  const t = useText()
  const { differing, agreed, by } = second
  const settled = settleSecond(second, first)
  const same = differing.length === 0
  return (
    <CountFrame
      title={t(same ? 'second.same' : 'second.differs')}
      intro={same ? '' : t('second.differsText')}
      onLeave={onBack}
      aside={
        <>
          <Button
            size="pay"
            look="primary"
            disabled={settled === undefined}
            autoFocus={same}
            onClick={() => settled !== undefined && onCounted(settled, by.name)}
          >
            {t('second.use')}
          </Button>
          <Button size="touch" look="quiet" shortcut="Esc" onClick={onBack}>
            {t('common.back')}
          </Button>
        </>
      }
    >
      {!same && (
        <table className="w-full max-w-2xl border-collapse text-body" data-differing>
          <thead>
            <tr className="text-small text-ink-soft">
              <th scope="col" className="py-1 text-left font-medium">
                {t('ui.denomination')}
              </th>
              {(['first', 'second', 'agreed'] as const).map((each) => (
                <th key={each} scope="col" className="py-1 pl-4 text-right font-medium">
                  {t(`second.${each}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map((each) => (
              <DifferingRow
                key={`${each.currency}/${each.faceMinor}`}
                of={each}
                pieces={agreed.get(each.currency)?.get(each.faceMinor)}
                onPieces={(pieces) => onSecond(agreeOn(second, each, pieces))}
              />
            ))}
          </tbody>
        </table>
      )}
    </CountFrame>
  )
}

function DifferingRow({
  of,
  pieces,
  onPieces,
}: {
  readonly of: Differing
  readonly pieces: number | undefined
  readonly onPieces: (pieces: number | undefined) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const { currency, faceMinor, first, second } = of
  const face = formatFace(faceMinor, { currency, language })
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-2 text-left font-normal">
        <DenominationChip face={faceMinor} currency={currency} size="touch" />{' '}
        <span className="text-small text-ink-soft">{currency}</span>
      </th>
      <td className="py-2 pl-4 text-right text-title">{first}</td>
      <td className="py-2 pl-4 text-right text-title">{second}</td>
      <td className="py-2 pl-4 text-right">
        <input
          inputMode="numeric"
          autoComplete="off"
          aria-label={`${t('second.agreed')}: ${face} ${currency}`}
          value={pieces ?? ''}
          onChange={(event) => onPieces(readPieces(event.target.value))}
          className="h-12 w-24 rounded-md border border-line-strong bg-surface px-2 text-right text-body"
        />
      </td>
    </tr>
  )
}
