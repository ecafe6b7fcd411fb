import type { SessionOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { useEffect, useRef, useState } from 'react'
import { getShop, makeId, may } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { refusalKey, useText } from '../words/use-text.ts'
import { resumeTill } from './session-life.ts'
import {
  listWaiting,
  lookAtSessions,
  takeSession,
  takeToCount,
  type WaitingSession,
} from './shop-sessions.ts'

/** How often the store server is asked while somebody may be looking. */
const lookEveryMs = 20_000

type Told = readonly SessionOfTill[] | 'looking' | 'away'

/** What waits in the shop, as far as it is known: this till's own always, others by the store server. */
export function useWaiting(): {
  readonly waiting: readonly WaitingSession[]
  readonly told: 'known' | 'looking' | 'away'
  readonly look: () => Promise<void>
} {
  const node = useNode()
  const book = useTill((state) => state.book)
  const settled = useTill(({ sent }) => sent.unsent === 0)
  const [told, setTold] = useState<Told>('looking')
  const look = useRef(async () => setTold(await lookAtSessions(node)))
  useEffect(() => {
    let ended = false
    const ask = async () => {
      const answer = await lookAtSessions(node)
      if (!ended) setTold(answer)
    }
    void ask()
    const timer = setInterval(() => void ask(), lookEveryMs)
    return () => {
      ended = true
      clearInterval(timer)
    }
  }, [node])
  const known = typeof told === 'string' ? [] : told
  const { tillId } = node.device
  return {
    waiting: listWaiting(book, known, { tillId, settled }),
    told: typeof told === 'string' ? told : 'known',
    look: look.current,
  }
}

/** Drawers that rest or have to be counted, of this till and of others, and how each goes on. */
export function WaitingSessions({
  onCount,
  showNone = false,
}: {
  readonly onCount: (sessionId: string) => void
  /** Says so where there are none. */
  readonly showNone?: boolean
}) {
  const t = useText()
  const node = useNode()
  const { waiting, told, look } = useWaiting()
  const busy = useTill(({ book }) => book.session !== undefined)
  const [acting, setActing] = useState<string>()
  const [refusal, setRefusal] = useState<string>()
  // One id for each session: pressed twice, or after an answer that was lost, it goes on once.
  const ids = useRef(new Map<string, string>())
  const idOf = (sessionId: string) => {
    const id = ids.current.get(sessionId) ?? makeId(node.nowMs())
    ids.current.set(sessionId, id)
    return id
  }
  const goOn = async ({ id: sessionId, told: session }: WaitingSession) => {
    if (acting !== undefined) return
    setActing(sessionId)
    setRefusal(undefined)
    const id = idOf(sessionId)
    const done =
      session === undefined
        ? await resumeTill(node, { id, sessionId })
        : await takeSession(node, { id, session })
    setActing(undefined)
    if (done.ok) {
      ids.current.delete(sessionId)
      return
    }
    const { refusal: refused } = done
    setRefusal(refused.code === 'refused' && 'why' in refused ? refused.why : refused.code)
    await look()
  }
  const count = async ({ id, told: session }: WaitingSession) => {
    if (session !== undefined) await takeToCount(node, session)
    onCount(id)
  }
  if (waiting.length === 0 && told === 'known' && !showNone) return null
  return (
    <section aria-label={t('waiting.title')} className="border-t border-line pt-4">
      <h2 className="mt-0 mb-2 text-body font-semibold">{t('waiting.title')}</h2>
      {waiting.length === 0 && told !== 'away' && (
        <p className="m-0 text-small text-ink-soft">
          {t(told === 'looking' ? 'waiting.looking' : 'waiting.none')}
        </p>
      )}
      <ul className="m-0 list-none p-0">
        {waiting.map((each) => (
          <WaitingRow
            key={each.id}
            of={each}
            disabled={acting !== undefined}
            busy={busy}
            onGoOn={() => void goOn(each)}
            onCount={() => void count(each)}
          />
        ))}
      </ul>
      {told === 'away' && <p className="mt-2 mb-0 text-small text-ink-soft">{t('waiting.away')}</p>}
      {busy && waiting.some(({ is }) => is === 'rests') && (
        <p className="mt-2 mb-0 text-small text-ink-soft">{t('waiting.busy')}</p>
      )}
      <p role="alert" className="m-0 text-small text-danger empty:hidden">
        {refusal !== undefined && t(refusalKey(refusal), { code: refusal })}
      </p>
    </section>
  )
}

function WaitingRow({
  of,
  busy,
  disabled,
  onGoOn,
  onCount,
}: {
  readonly of: WaitingSession
  /** Another session is worked in here. */
  readonly busy: boolean
  readonly disabled: boolean
  readonly onGoOn: () => void
  readonly onCount: () => void
}) {
  const t = useText()
  const node = useNode()
  const words = useWaitingWords()
  const { tillId } = node.device
  const here = of.tillId === tillId
  return (
    <li
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line py-2 text-small"
      data-waiting={of.is}
    >
      <span className="mr-auto min-w-40 flex-1">{words(of)}</span>
      {of.is === 'rests' ? (
        <Button
          size="touch"
          disabled={disabled || busy || !may(node, 'till.open')}
          onClick={onGoOn}
        >
          {t('waiting.goOn')}
        </Button>
      ) : (
        here && (
          <Button size="touch" disabled={!may(node, 'till.close')} onClick={onCount}>
            {t('waiting.count')}
          </Button>
        )
      )}
    </li>
  )
}

/** A drawer that waits in words: whose it is, where it stands, since when. */
export function useWaitingWords(): (of: WaitingSession) => string {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const people = useTill(({ directory }) => directory.people)
  const tills = useTill(({ directory }) => directory.tills)
  const { timeZone } = getShop(node)
  return ({ staffId, tillId, openedAt, is }) =>
    t(is === 'rests' ? 'waiting.rests' : 'waiting.toCount', {
      name: people.get(staffId)?.name ?? '?',
      number: tills.get(tillId)?.number ?? 0,
      time: formatInstant(openedAt, 'time', { language, timeZone }),
    })
}
