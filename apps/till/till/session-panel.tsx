import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { useRef, useState } from 'react'
import { getShop, makeId, may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import type { OpenSession } from '../journal/kept.ts'
import { PanelFrame } from '../sale/panel-frame.tsx'
import { refusalKey, useText } from '../words/use-text.ts'
import { endTill, suspendTill } from './session-life.ts'
import { WaitingSessions } from './waiting-sessions.tsx'

/** What a session takes, longest: what a fact takes. */
const reasonLengthMax = 200

/** The session of this till and the drawers that wait in the shop: what can be done with each but selling. */
export function SessionPanel({
  onHandOver,
  onCount,
  onCycle,
  onBack,
}: {
  readonly onHandOver: () => void
  /** A session that was ended is counted. */
  readonly onCount: (sessionId: string) => void
  readonly onCycle: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  const session = useTill(({ book }) => book.session)
  return (
    <PanelFrame title={t('session.title')} onBack={onBack}>
      <div className="flex max-w-2xl flex-col gap-6 p-5">
        {session !== undefined && <OwnSession {...{ session, onHandOver, onCycle }} />}
        <WaitingSessions onCount={onCount} showNone />
      </div>
    </PanelFrame>
  )
}

/** The session that people work in here. */
function OwnSession({
  session,
  onHandOver,
  onCycle,
}: {
  readonly session: OpenSession
  readonly onHandOver: () => void
  readonly onCycle: () => void
}) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const name = useTill(({ directory }) => directory.people.get(session.staffId)?.name) ?? '?'
  const [asking, setAsking] = useState<'suspend' | 'end'>()
  const { timeZone } = getShop(node)
  const time = formatInstant(session.openedAt, 'time', { language, timeZone })
  const mayClose = may(node, 'till.close')
  return (
    <section className="flex flex-col gap-3">
      <h3 className="m-0 text-body font-semibold">{t('session.of', { name, time })}</h3>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-2">
        <Button size="pay" disabled={!mayClose} onClick={onHandOver}>
          {t('session.handOver')}
        </Button>
        <Button
          size="pay"
          aria-expanded={asking === 'suspend'}
          disabled={!mayClose}
          onClick={() => setAsking('suspend')}
        >
          {t('session.suspend')}
        </Button>
        <Button size="pay" disabled={!mayClose} onClick={onCycle}>
          {t('session.cycle')}
        </Button>
        {may(node, 'till.end') && (
          <Button size="pay" aria-expanded={asking === 'end'} onClick={() => setAsking('end')}>
            {t('session.end')}
          </Button>
        )}
      </div>
      {asking !== undefined && (
        <Ask
          key={asking}
          what={asking}
          sessionId={session.id}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </section>
  )
}

/** The last look before a session rests or ends: what becomes of its drawer. */
function Ask({
  what,
  sessionId,
  onCancel,
}: {
  readonly what: 'suspend' | 'end'
  readonly sessionId: string
  readonly onCancel: () => void
}) {
  const t = useText()
  const node = useNode()
  const id = useRef(makeId(node.nowMs()))
  const [reason, setReason] = useState('')
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const ends = what === 'end'
  // Done, the book has no session, and the screen of a closed till takes this one's place.
  const act = async () => {
    if (saving) return
    setSaving(true)
    const done = ends
      ? await endTill(node, { id: id.current, sessionId, reason: reason.trim() })
      : await suspendTill(node, { id: id.current })
    setSaving(false)
    if (!done.ok) setRefusal(done.refusal.code)
  }
  return (
    <section
      aria-label={t(`session.${what}`)}
      className="flex flex-col gap-3 rounded-md bg-sunken p-4"
    >
      <p className="m-0 text-small">{t(`session.${what}Text`)}</p>
      {ends && (
        <Field
          size="touch"
          autoFocus
          label={t('session.endReason')}
          value={reason}
          maxLength={reasonLengthMax}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="touch"
          look={ends ? 'danger' : 'primary'}
          disabled={saving || (ends && reason.trim() === '')}
          onClick={() => void act()}
        >
          {t(`session.${what}Action`)}
        </Button>
        <Button size="touch" disabled={saving} onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
      </div>
      <p role="alert" className="m-0 text-small text-danger empty:hidden">
        {refusal !== undefined && t(refusalKey(refusal), { code: refusal })}
      </p>
    </section>
  )
}
