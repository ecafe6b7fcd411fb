import { HandOver as HandOverView } from '@tillkeeper/client/api/drawer-shapes.ts'
import type { SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { HandOver } from '@tillkeeper/core/drawer/hand-over-cash.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import {
  type AmountEntry,
  keyOfKeyboard,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { useCallback, useEffect, useState } from 'react'
import Type, { type Static } from 'typebox'
import { makeId, may } from '../app/node.ts'
import { isTyping, useKeys } from '../app/use-keys.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { TillPlace } from '../catalogue/directory.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { askWithLogin } from '../store/ask-with-login.ts'
import { AmountPad } from '../till/amount-pad.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { giveCash, receiveCash } from './record-drawer.ts'

const Items = Type.Object({ items: Type.Array(HandOverView) })
type Waiting = Static<typeof HandOverView>

// What the store server lists waits for somebody: it is given, or declined and not taken back.
const transferOf = (each: Waiting): HandOver => ({
  ...{ id: each.id, currency: each.currency, amountMinor: each.amountMinor },
  state: each.state === 'declined' ? 'declined' : 'given',
  ...{ shopId: each.shopId as ShopId, tillId: each.tillId as TillId },
  ...{ sessionId: each.sessionId as SessionId, staffId: each.staffId as StaffId },
  toTillId: each.toTillId as TillId,
})

/** Cash from drawer to drawer: what waits for a signature here, and what is given from here. */
export function HandOverPanel({
  currency,
  onBack,
}: {
  readonly currency: Currency
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const tills = useTill(({ directory }) => directory.tills)
  const { shopId, tillId } = node.device
  const others = [...tills.values()]
    .filter((till) => till.shopId === shopId && till.id !== tillId && till.active)
    .sort((a, b) => a.number - b.number)
  const digits = exponentOf(currency)
  const [id, setId] = useState(() => makeId(node.nowMs()))
  const [entry, setEntry] = useState<AmountEntry>('')
  const [to, setTo] = useState<string | undefined>(others.length === 1 ? others[0]?.id : undefined)
  const [note, setNote] = useState('')
  const { waiting, setWaiting, look } = useWaiting()
  const [said, setSaid] = useState<{ readonly good: boolean; readonly text: string }>()
  const amountMinor = readEntry(entry, digits) ?? 0
  const money = (amount: number) => formatMoney(minor(amount), { currency, language })

  const tell = (outcome: { ok: true } | { ok: false; refusal: { code: string } }, text: string) => {
    if (outcome.ok) setSaid({ good: true, text })
    else {
      const { code } = outcome.refusal
      setSaid({ good: false, text: t(refusalKey(code), { code }) })
    }
    if (outcome.ok) {
      setEntry('')
      setNote('')
      setId(makeId(node.nowMs()))
      void look()
    }
  }
  const give = async () => {
    if (to === undefined || amountMinor === 0) return
    const text = note.trim()
    const given = await giveCash(node, {
      ...{ id, toTillId: to, amountMinor: minor(amountMinor) },
      ...(text !== '' && { note: text }),
    })
    tell(given, t('handover.given', { amount: money(amountMinor) }))
  }
  const answer = async (each: Waiting, how: 'accepted' | 'declined', countedMinor: Minor) => {
    const act = { id, transfer: transferOf(each), answer: how, countedMinor }
    const received = await receiveCash(node, act)
    if (received.ok && waiting !== 'away' && waiting !== 'asking') {
      setWaiting(waiting.filter((other) => other.id !== each.id))
    }
    const words = how === 'declined' ? 'handover.declined' : 'handover.received'
    tell(received, t(words, { amount: money(countedMinor) }))
  }
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return false
    const key = keyOfKeyboard(event.key)
    if (key === undefined) return false
    setEntry((held) => pressKey(held, key, digits))
    return true
  })

  if (!may(node, 'cash.transfer')) {
    return (
      <PanelFrame title={t('menu.hand_over')} onBack={onBack}>
        <p className="p-5 text-body">{t('cash.forbidden')}</p>
      </PanelFrame>
    )
  }
  return (
    <PanelFrame title={t('menu.hand_over')} onBack={onBack}>
      <div className="grid grid-cols-[minmax(0,20rem)_minmax(0,1fr)] gap-6 p-5 max-[1100px]:grid-cols-1">
        <AmountPad
          entry={entry}
          digits={digits}
          onKey={(key) => setEntry((held) => pressKey(held, key, digits))}
        />
        <div className="flex flex-col gap-4">
          <Incoming {...{ waiting, tillId, money, entered: amountMinor }} onAnswer={answer} />
          <GiveForm
            {...{ others, to, note }}
            ready={to !== undefined && amountMinor > 0}
            onTo={setTo}
            onNote={setNote}
            onGive={() => void give()}
          />
          <p
            role={said?.good === false ? 'alert' : 'status'}
            className={`m-0 min-h-6 text-small ${said?.good === false ? 'text-danger' : 'text-good'}`}
          >
            {said?.text}
          </p>
        </div>
      </div>
    </PanelFrame>
  )
}

/** What waits for a signature here, by the store server. */
function useWaiting() {
  const node = useNode()
  const { tillId } = node.device
  const [waiting, setWaiting] = useState<readonly Waiting[] | 'asking' | 'away'>('asking')
  const look = useCallback(async () => {
    const path = `/v1/hand-overs?open=true&tillId=${tillId}`
    const answer = await askWithLogin<Static<typeof Items>>(node, Items, { path })
    setWaiting(answer.ok ? answer.value.items : 'away')
  }, [node, tillId])
  useEffect(() => {
    void look()
  }, [look])
  return { waiting, setWaiting, look }
}

/** To which till, and why. */
function GiveForm(props: {
  readonly others: readonly TillPlace[]
  readonly to: string | undefined
  readonly note: string
  readonly ready: boolean
  readonly onTo: (tillId: string) => void
  readonly onNote: (note: string) => void
  readonly onGive: () => void
}) {
  const t = useText()
  return (
    <section className="flex flex-col gap-3">
      <h3 className="m-0 text-body font-semibold">{t('handover.give')}</h3>
      <div className="flex flex-wrap gap-2">
        {props.others.length === 0 && (
          <p className="m-0 text-small text-ink-soft">{t('handover.noTill')}</p>
        )}
        {props.others.map((till) => (
          <Button
            key={till.id}
            size="touch"
            aria-pressed={props.to === till.id}
            className={props.to === till.id ? 'border-accent! border-2!' : ''}
            onClick={() => props.onTo(till.id)}
          >
            {t('handover.till', { number: till.number })}
          </Button>
        ))}
      </div>
      <Field
        size="touch"
        label={t('close.note')}
        value={props.note}
        maxLength={200}
        onChange={(event) => props.onNote(event.target.value)}
      />
      <Button size="pay" look="primary" disabled={!props.ready} onClick={props.onGive}>
        {t('handover.action')}
      </Button>
    </section>
  )
}

/** What waits here: to be counted and signed for, or, given from here, to be taken back. */
function Incoming({
  waiting,
  tillId,
  money,
  entered,
  onAnswer,
}: {
  readonly waiting: readonly Waiting[] | 'asking' | 'away'
  readonly tillId: string
  readonly money: (amount: number) => string
  /** What was counted and typed; the receiver counts before they sign. */
  readonly entered: number
  readonly onAnswer: (each: Waiting, how: 'accepted' | 'declined', counted: Minor) => void
}) {
  const t = useText()
  if (waiting === 'asking') return null
  if (waiting === 'away') {
    return <p className="m-0 text-small text-ink-soft">{t('handover.away')}</p>
  }
  if (waiting.length === 0) return null
  return (
    <section>
      <h3 className="mt-0 mb-2 text-body font-semibold">{t('handover.waiting')}</h3>
      <ul className="m-0 list-none p-0">
        {waiting.map((each) => {
          const mine = each.tillId === tillId
          return (
            <li
              key={each.id}
              className="flex flex-wrap items-center gap-2 border-t border-line py-2 text-small"
            >
              <span className="mr-auto">
                {mine
                  ? t(each.state === 'declined' ? 'handover.wasDeclined' : 'handover.toTill', {
                      number: each.toTillNumber,
                      amount: money(each.amountMinor),
                    })
                  : t('handover.fromTill', { number: each.tillNumber, name: each.staffName })}
              </span>
              <Button
                size="touch"
                look={mine ? 'plain' : 'primary'}
                disabled={entered === 0}
                onClick={() => onAnswer(each, 'accepted', minor(entered))}
              >
                {t(mine ? 'handover.takeBack' : 'handover.accept')}
              </Button>
              {!mine && (
                <Button size="touch" onClick={() => onAnswer(each, 'declined', minor(0))}>
                  {t('handover.decline')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <p className="mt-1 mb-0 text-small text-ink-soft">{t('handover.countFirst')}</p>
    </section>
  )
}
