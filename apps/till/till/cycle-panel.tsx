import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, type CashCount, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useRef, useState } from 'react'
import { makeId, may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { CurrencyTabs, useCurrencies } from './count-form.tsx'
import { countTill } from './session-life.ts'

/** Which faces are worth counting now, and of which currency. */
export type SuggestedFaces = { readonly currency: Currency; readonly faces: readonly Minor[] }

type Counting =
  | { readonly stage: 'counting'; readonly refusal?: string }
  | { readonly stage: 'saving' }
  | { readonly stage: 'done' }

/**
 * Counts one or a few faces in a quiet moment: those that were suggested, or those that somebody picks. It is
 * blind, and moves nothing.
 */
export function CyclePanel({
  suggested,
  onBack,
}: {
  readonly suggested?: SuggestedFaces | undefined
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const session = useTill(({ book }) => book.session)
  const currencies = useCurrencies()
  const [currency, setCurrency] = useState(suggested?.currency ?? currencies[0])
  const [faces, setFaces] = useState<ReadonlySet<Minor>>(() => new Set(suggested?.faces))
  const [count, setCount] = useState<CashCount>(blankCount)
  const [state, setState] = useState<Counting>({ stage: 'counting' })
  const id = useRef(makeId(node.nowMs()))
  if (currency === undefined || session === undefined || !may(node, 'till.close')) {
    return (
      <PanelFrame title={t('cycle.title')} onBack={onBack}>
        <p className="p-5 text-body">{t('close.forbidden')}</p>
      </PanelFrame>
    )
  }
  const all = denominationsOf(currency).map(({ faceMinor }) => faceMinor)
  const chosen = all.filter((face) => faces.has(face))
  const complete = chosen.length > 0 && chosen.every((face) => count.has(face))
  const choose = (next: Currency) => {
    setCurrency(next)
    setFaces(new Set(next === suggested?.currency ? suggested.faces : []))
    setCount(blankCount)
  }
  const toggle = (face: Minor) =>
    setFaces(
      (held) => new Set(held.has(face) ? [...held].filter((f) => f !== face) : [...held, face]),
    )
  const record = async () => {
    if (!complete || state.stage !== 'counting') return
    setState({ stage: 'saving' })
    // None of a face is what was found, too.
    const counted = chosen.map((face) => ({ faceMinor: face, pieces: count.get(face) ?? 0 }))
    const of: CashCount = new Map(counted.map((each) => [each.faceMinor, each.pieces]))
    const recorded = await countTill(node, {
      ...{ id: id.current, sessionId: session.id, kind: 'cycle', currency },
      ...{ countedMinor: totalOf(of), faces: counted },
    })
    if (recorded.ok) setState({ stage: 'done' })
    else setState({ stage: 'counting', refusal: recorded.refusal.code })
  }
  if (state.stage === 'done') return <Recorded onBack={onBack} />
  return (
    <PanelFrame
      title={t('cycle.title')}
      onBack={onBack}
      foot={
        <>
          <p role="alert" className="m-0 mr-auto text-small text-danger">
            {state.stage === 'counting' &&
              state.refusal !== undefined &&
              t(refusalKey(state.refusal), { code: state.refusal })}
          </p>
          <Button
            size="pay"
            look="primary"
            disabled={!complete || state.stage === 'saving'}
            onClick={() => void record()}
          >
            {t('cycle.action')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5 p-5">
        <p className="m-0 text-small text-ink-soft">{t('cycle.intro')}</p>
        <CurrencyTabs currencies={currencies} chosen={currency} onChoose={choose} />
        <FaceChoice
          {...{ all, currency, chosen: faces }}
          suggested={suggested?.currency === currency && suggested.faces.length > 0}
          onToggle={toggle}
        />
        {chosen.length > 0 && (
          <DenominationTable
            key={currency}
            {...{ currency, count }}
            faces={chosen}
            onCount={setCount}
            onDone={() => void record()}
            disabled={state.stage === 'saving'}
            autoFocus={suggested !== undefined}
          />
        )}
      </div>
    </PanelFrame>
  )
}

/** The faces of a currency to pick from; those that are suggested are picked already. */
function FaceChoice({
  all,
  currency,
  chosen,
  suggested,
  onToggle,
}: {
  readonly all: readonly Minor[]
  readonly currency: Currency
  readonly chosen: ReadonlySet<Minor>
  readonly suggested: boolean
  readonly onToggle: (face: Minor) => void
}) {
  const t = useText()
  const name = t(suggested ? 'cycle.suggested' : 'cycle.faces')
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-2 p-0 text-small font-semibold">{name}</legend>
      <div className="flex flex-wrap gap-2">
        {all.map((face) => (
          <button
            key={face}
            type="button"
            aria-pressed={chosen.has(face)}
            onClick={() => onToggle(face)}
            className={joinClasses(
              'flex min-h-14 min-w-20 items-center justify-center rounded-md border-2 px-2',
              chosen.has(face)
                ? 'border-accent bg-accent-soft'
                : 'border-line bg-surface hover:bg-hover',
            )}
          >
            <DenominationChip face={face} currency={currency} size="touch" />
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function Recorded({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  return (
    <PanelFrame
      title={t('cycle.title')}
      onBack={onBack}
      foot={
        <Button size="pay" look="primary" autoFocus onClick={onBack}>
          {t('closed.done')}
        </Button>
      }
    >
      <p role="status" className="p-6 text-title font-semibold text-good">
        {t('cycle.done')}
      </p>
    </PanelFrame>
  )
}
