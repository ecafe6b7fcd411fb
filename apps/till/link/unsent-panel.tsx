import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { useEffect, useState } from 'react'
import { build } from '../app/build.ts'
import { getShop } from '../app/node.ts'
import { isClockOff } from '../app/till-clock.ts'
import type { Line, Problem } from '../app/till-state.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { listUnsent, type UnsentFact } from '../journal/list-unsent.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import type { TillKey } from '../words/en.ts'
import { useText } from '../words/use-text.ts'
import { LostSection } from './lost-section.tsx'

/** What only this device has, how far each of the others is, and what no waiting mends. */
export function UnsentPanel({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  const node = useNode()
  const sent = useTill((state) => state.sent)
  const problems = useTill((state) => state.problems)
  const [facts, setFacts] = useState<readonly UnsentFact[]>([])
  useEffect(() => {
    // `sent` says when the list has changed.
    if (sent.unsent === 0) setFacts([])
    else listUnsent(node).then(setFacts, () => setFacts([]))
  }, [node, sent])
  const { timeZone } = getShop(node)
  return (
    <PanelFrame
      title={t('unsent.title')}
      onBack={onBack}
      foot={
        <Button size="touch" onClick={node.link.start}>
          {t('unsent.retry')}
        </Button>
      }
    >
      <div className="flex flex-col gap-6 p-5">
        <section>
          <p className="m-0 text-body font-semibold">
            {sent.unsent === 0 ? t('unsent.none') : t('unsent.some', { count: sent.unsent })}
          </p>
          {sent.unsent > 0 && (
            <p className="mt-1 mb-0 text-small text-ink-soft">{t('unsent.safe')}</p>
          )}
          <ul className="m-0 mt-2 list-none p-0">
            {facts.map((fact) => (
              <li
                key={fact.id}
                className="flex justify-between gap-4 border-b border-line py-2 text-small"
              >
                <span>{t(`unsent.fact.${fact.type}` as TillKey)}</span>
                <DateText
                  instant={new Date(fact.sealedMs).toISOString()}
                  timeZone={timeZone}
                  form="seconds"
                />
              </li>
            ))}
          </ul>
        </section>
        <LostSection />
        {problems.length > 0 && <Problems problems={problems} timeZone={timeZone} />}
        <Watermarks timeZone={timeZone} />
      </div>
    </PanelFrame>
  )
}

function Problems({
  problems,
  timeZone,
}: {
  readonly problems: readonly Problem[]
  readonly timeZone: string
}) {
  const t = useText()
  return (
    <section className="border-l-4 border-warn pl-4">
      <h3 className="m-0 text-body font-semibold text-warn">{t('unsent.problems')}</h3>
      <ul className="m-0 list-none p-0">
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.about}`} className="py-2 text-small">
            <p className="m-0">{t(`unsent.problem.${problem.code}`)}</p>
            <p className="m-0 text-ink-soft wrap-anywhere">
              <DateText
                instant={new Date(problem.sinceMs).toISOString()}
                timeZone={timeZone}
                form="time"
              />
              {' · '}
              {problem.about}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

// Two watermarks a stream: what the shop has, and what the cloud has.
function Watermarks({ timeZone }: { readonly timeZone: string }) {
  const t = useText()
  const { journal, outbox } = useNode()
  useTill((state) => state.sent)
  const line = useTill((state) => state.line)
  const held = useTill((state) => state.feedHeld)
  const head = useTill((state) => state.feedHead)
  const storage = useTill((state) => state.storage)
  const cells = 'grid grid-cols-[minmax(10rem,auto)_1fr] gap-x-6 gap-y-2 text-small'
  return (
    <section>
      <dl className={`m-0 ${cells}`}>
        <dt className="text-ink-soft">{t('unsent.line')}</dt>
        <dd className="m-0" data-line={line.is}>
          {t(`unsent.line.${line.is}`)} <Heard line={line} timeZone={timeZone} />
        </dd>
        {journal.heads().map(({ stream, seq }) => {
          const ack = outbox.acks().get(stream)
          const numbers = (acked: number) => t('unsent.ofHead', { acked, head: seq })
          return (
            <div key={stream} className="contents">
              <dt className="text-ink-soft">{t('unsent.stream')}</dt>
              <dd className="m-0 wrap-anywhere">{stream}</dd>
              <dt className="pl-4 text-ink-soft">{t('unsent.store')}</dt>
              <dd className="m-0">{numbers(ack?.ackedSeq ?? 0)}</dd>
              <dt className="pl-4 text-ink-soft">{t('unsent.cloud')}</dt>
              <dd className="m-0">{numbers(ack?.cloudSeq ?? 0)}</dd>
              <Countersigned stream={stream} timeZone={timeZone} />
            </div>
          )
        })}
        <dt className="text-ink-soft">{t('unsent.catalogue')}</dt>
        <dd className="m-0">{t('unsent.ofHead', { acked: held, head: Math.max(held, head) })}</dd>
        <DeviceClock timeZone={timeZone} />
        <dt className="text-ink-soft">{t('unsent.version')}</dt>
        <dd className="m-0">{build}</dd>
        <dt className="text-ink-soft">{t('unsent.storage')}</dt>
        <dd className={storage === 'not_promised' ? 'm-0 text-warn' : 'm-0'}>
          {t(`unsent.storage.${storage}`)}
        </dd>
      </dl>
    </section>
  )
}

// The cloud's signature over what it holds: with it nobody can write this till's history anew unseen.
function Countersigned({
  stream,
  timeZone,
}: {
  readonly stream: string
  readonly timeZone: string
}) {
  const t = useText()
  const receipt = useTill((state) => state.receipts.get(stream))
  if (receipt === undefined) return null
  return (
    <>
      <dt className="pl-4 text-ink-soft">{t('unsent.receipt')}</dt>
      <dd className="m-0" data-receipt={receipt.seq}>
        {t('unsent.receiptUpTo', { seq: receipt.seq })}
        <span className="text-ink-soft">
          {' · '}
          <DateText instant={receipt.at} timeZone={timeZone} form="date-time" />
        </span>
      </dd>
    </>
  )
}

function DeviceClock({ timeZone }: { readonly timeZone: string }) {
  const t = useText()
  const [language] = useLanguage()
  const { nowMs } = useNode()
  const clock = useTill((state) => state.clock)
  const off = isClockOff(clock)
  const wall = new Date(nowMs() + clock.aheadMs).toISOString()
  return (
    <>
      <dt className="text-ink-soft">{t('unsent.clock')}</dt>
      <dd className={off ? 'm-0 text-warn' : 'm-0'} data-clock={off ? 'off' : 'right'}>
        {off
          ? t('unsent.clock.off', {
              shown: formatInstant(wall, 'date-time', { language, timeZone }),
            })
          : t('unsent.clock.right')}
      </dd>
    </>
  )
}

function Heard({ line, timeZone }: { readonly line: Line; readonly timeZone: string }) {
  const t = useText()
  if (line.is === 'up') return null
  return (
    <span className="text-ink-soft">
      {'· '}
      {t('unsent.heard')}{' '}
      {line.heardMs === undefined ? (
        t('unsent.never')
      ) : (
        <DateText instant={new Date(line.heardMs).toISOString()} timeZone={timeZone} form="time" />
      )}
    </span>
  )
}
