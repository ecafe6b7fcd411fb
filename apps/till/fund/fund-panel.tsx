import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { blankCount, listPieces, totalOf } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useCallback, useEffect, useState } from 'react'
import { findWorker, makeId, may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { type Person, worksAt } from '../catalogue/directory.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { hearFunds, issueFund, type KnownFunds, returnFund } from './record-fund.ts'

type Way = 'issue' | 'return'
type Word = { readonly good: boolean; readonly text: string }

function Said({ said }: { readonly said: Word | undefined }) {
  const bad = said?.good === false
  return (
    <p
      role={bad ? 'alert' : 'status'}
      className={`m-0 mr-auto text-small leading-[1.5] ${bad ? 'text-danger' : 'text-good'}`}
    >
      {said?.text}
    </p>
  )
}

type Props = { readonly currency: Currency; readonly onBack: () => void }

/** Staff change: out of this drawer to a person by piece, and back. */
export function FundPanel(props: Props) {
  const t = useText()
  if (may(useNode(), 'fund.manage')) return <FundOf {...props} />
  return (
    <PanelFrame title={t('menu.fund')} onBack={props.onBack}>
      <p className="p-5 text-body">{t('refusal.forbidden')}</p>
    </PanelFrame>
  )
}

function FundOf({ currency, onBack }: Props) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const { known, look } = useFunds()
  const [way, setWay] = useState<Way>('issue')
  const [holder, setHolder] = useState<Person>()
  const [count, setCount] = useState(blankCount)
  const [settle, setSettle] = useState(false)
  const [id, setId] = useState(() => makeId(node.nowMs()))
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<Word>()
  const amount = formatMoney(totalOf(count), { currency, language })
  const all = way === 'return' && settle
  const ready = !busy && holder !== undefined && (all || totalOf(count) > 0)

  const record = async () => {
    if (!ready) return
    setBusy(true)
    const cash =
      totalOf(count) === 0 ? [] : [{ currency, minor: totalOf(count), pieces: listPieces(count) }]
    const ask = { id, holderId: holder.id as StaffId, cash, known }
    const done = await (way === 'issue'
      ? issueFund(node, ask)
      : returnFund(node, { ...ask, settle }))
    setBusy(false)
    if (!done.ok) {
      const { code } = done.refusal
      setSaid({ good: false, text: t(refusalKey(code), { code }) })
      return
    }
    const words = way === 'issue' ? 'fund.issued' : 'fund.returned'
    setSaid({ good: true, text: t(words, { amount, name: holder.name }) })
    setCount(blankCount)
    setSettle(false)
    setId(makeId(node.nowMs()))
    void look()
  }

  return (
    <PanelFrame
      title={t('menu.fund')}
      onBack={onBack}
      foot={
        <>
          <Said said={said} />
          <Button size="pay" look="primary" disabled={!ready} onClick={() => void record()}>
            {busy ? t('pay.saving') : t(way === 'issue' ? 'fund.issue' : 'fund.return')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,18rem)_minmax(0,1fr)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <FundFields
          {...{ known, way, holder, settle }}
          onSay={({ way: nextWay = way, holder: nextHolder = holder, settle: all = false }) => {
            setWay(nextWay)
            setHolder(nextHolder)
            setSettle(all)
            setSaid(undefined)
          }}
        />
        <DenominationTable
          key={id}
          currency={currency}
          faces={denominationsOf(currency).map(({ faceMinor }) => faceMinor)}
          count={count}
          onCount={setCount}
          onDone={() => void record()}
          disabled={busy}
        />
      </div>
    </PanelFrame>
  )
}

/** Which way, who, and whether it is all of it. */
function FundFields({
  known,
  way,
  holder,
  settle,
  onSay,
}: {
  readonly known: KnownFunds
  readonly way: Way
  readonly holder: Person | undefined
  readonly settle: boolean
  readonly onSay: (said: {
    readonly way?: Way
    readonly holder?: Person
    readonly settle?: boolean
  }) => void
}) {
  const t = useText()
  return (
    <div className="flex flex-col gap-4">
      <Choice
        label={t('fund.way')}
        chosen={way}
        choices={[
          { value: 'issue', label: t('fund.issue') },
          { value: 'return', label: t('fund.return') },
        ]}
        onChoose={(next) => onSay({ way: next })}
      />
      <People {...{ known, holder }} onHolder={(person) => onSay({ holder: person })} />
      {way === 'return' && (
        <>
          <Choice
            label={t('fund.howMuch')}
            chosen={settle ? 'all' : 'part'}
            choices={[
              { value: 'part', label: t('fund.part') },
              { value: 'all', label: t('fund.all'), disabled: known === undefined },
            ]}
            onChoose={(next) => onSay({ settle: next === 'all' })}
          />
          <p className="m-0 text-small leading-[1.5] text-ink-soft">
            {t(known === undefined ? 'fund.away' : 'fund.allHint')}
          </p>
        </>
      )}
    </div>
  )
}

function useFunds() {
  const node = useNode()
  const [known, setKnown] = useState<KnownFunds>()
  const look = useCallback(async () => setKnown(await hearFunds(node)), [node])
  useEffect(() => {
    void look()
  }, [look])
  return { known, look }
}

/** Who may be given change here: everybody of the shop but who works at this till now. */
function People({
  known,
  holder,
  onHolder,
}: {
  readonly known: KnownFunds
  readonly holder: Person | undefined
  readonly onHolder: (person: Person) => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const directory = useTill((state) => state.directory)
  const worker = findWorker(node)
  const people = [...directory.people.values()]
    .filter((person) => worksAt(person, node.device.shopId) && person.id !== worker?.id)
    .sort((a, b) => a.name.localeCompare(b.name))
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 text-small leading-[1.6] font-medium text-ink-soft">
        {t('fund.who')}
      </legend>
      <div className="flex flex-col gap-2">
        {people.map((person) => (
          <button
            key={person.id}
            type="button"
            aria-pressed={person.id === holder?.id}
            onClick={() => onHolder(person)}
            className={joinClasses(
              'flex min-h-12 flex-wrap items-center justify-between gap-x-3 rounded-md border-2 px-3 py-1 text-left text-small leading-[1.5] font-medium',
              person.id === holder?.id
                ? 'border-accent bg-accent-soft'
                : 'border-line-strong/60 bg-surface hover:bg-hover',
            )}
          >
            {person.name}
            <span className="font-normal text-ink-soft tabular-nums">
              {(known?.get(person.id) ?? [])
                .map(({ currency, minor }) => formatMoney(minor, { currency, language }))
                .join(' · ')}
            </span>
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function Choice<Value extends string>({
  label,
  chosen,
  choices,
  onChoose,
}: {
  readonly label: string
  readonly chosen: Value
  readonly choices: readonly {
    readonly value: Value
    readonly label: string
    readonly disabled?: boolean
  }[]
  readonly onChoose: (value: Value) => void
}) {
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="mb-1 p-0 text-small leading-[1.6] font-medium text-ink-soft">
        {label}
      </legend>
      <div className="grid grid-cols-2 gap-2">
        {choices.map(({ value, label: name, disabled }) => (
          <Button
            key={value}
            size="touch"
            aria-pressed={value === chosen}
            disabled={disabled}
            className={value === chosen ? 'border-accent! border-2!' : ''}
            onClick={() => onChoose(value)}
          >
            {name}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}
