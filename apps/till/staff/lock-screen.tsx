import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { useEffect, useState } from 'react'
import { getShop, getTillPlace } from '../app/node.ts'
import { Unsent } from '../app/top-bar.tsx'
import { applyUpdate } from '../app/update.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { type Person, worksAt } from '../catalogue/directory.ts'
import { LostAlert } from '../link/lost-section.tsx'
import { useWaiting, useWaitingWords } from '../till/waiting-sessions.tsx'
import { LanguageChoice } from '../words/language-choice.tsx'
import { useText } from '../words/use-text.ts'
import { PinForm } from './pin-form.tsx'
import { type SignInRefusal, signIn } from './sign-in.ts'
import { listUnlocks } from './unlock.ts'

/** People shown to be touched instead of typing a number. */
const shownMax = 6

type Lock =
  | { readonly stage: 'asking'; readonly refusal?: SignInRefusal }
  | { readonly stage: 'checking' }

/** A till that nobody works at: who comes signs in by number and PIN. */
export function LockScreen({
  onSignedIn,
  onSetUp,
}: {
  readonly onSignedIn: () => void
  readonly onSetUp: () => void
}) {
  const t = useText()
  const node = useNode()
  const directory = useTill((state) => state.directory)
  const updating = useTill(({ update }) => update === 'waiting')
  const [lock, setLock] = useState<Lock>({ stage: 'asking' })
  const known = useKnownPeople()
  const [chosen, setChosen] = useState<Person | 'other' | undefined>(undefined)
  const who = chosen === 'other' ? undefined : (chosen ?? known?.[0])
  const shop = getShop(node)
  const { number } = getTillPlace(node)
  const wordRefusal = useRefusalWords()
  const refusal =
    lock.stage === 'asking' && lock.refusal !== undefined ? wordRefusal(lock.refusal) : undefined

  // Nobody works here now: the quietest moment there is.
  useEffect(() => {
    if (updating && lock.stage === 'asking' && node.state.getState().cart.lines.length === 0) {
      applyUpdate()
    }
  }, [updating, lock.stage, node])

  const submit = async (typed: { readonly number: string; readonly pin: string }) => {
    setLock({ stage: 'checking' })
    const { db, device, nowMs } = node
    const answer = await signIn({ db, directory, shopId: device.shopId, nowMs: nowMs() }, typed)
    if (answer.is === 'in') {
      node.state.setState({ person: answer.person, login: answer.login })
      onSignedIn()
    } else setLock({ stage: 'asking', refusal: answer })
  }

  return (
    <main className="flex h-full flex-col bg-canvas">
      <div className="scrolls grid flex-1 place-items-center p-6">
        <div className="grid w-full max-w-4xl grid-cols-[minmax(0,1fr)_minmax(0,24rem)] gap-12 max-[900px]:max-w-md max-[900px]:grid-cols-1 max-[900px]:gap-6">
          <section>
            <p className="m-0 text-small text-ink-soft">
              {shop.name} · {t('till.name', { number })}
            </p>
            <h1 className="mt-1 mb-6 text-title font-semibold">{t('lock.title')}</h1>
            <div className="grid grid-cols-2 gap-2 max-[900px]:grid-cols-3">
              {(known ?? []).map((person) => (
                <PersonButton
                  key={person.id}
                  name={person.name}
                  number={person.number}
                  chosen={who === person}
                  onPress={() => setChosen(person)}
                />
              ))}
              {known !== undefined && known.length > 0 && (
                <PersonButton
                  name={t('lock.other')}
                  chosen={chosen === 'other'}
                  onPress={() => setChosen('other')}
                />
              )}
            </div>
            <SessionLine />
            <NotAccepted onSetUp={onSetUp} />
            <LostAlert />
            <LanguageChoice className="mt-6" />
          </section>
          <section className="flex flex-col">
            {known !== undefined && (
              <PinForm
                key={who?.id ?? 'other'}
                who={who}
                busy={lock.stage === 'checking'}
                refusal={refusal}
                onSubmit={(typed) => void submit(typed)}
              />
            )}
          </section>
        </div>
      </div>
      <footer className="flex items-center justify-end px-3 py-2">
        <Unsent />
      </footer>
    </main>
  )
}

function PersonButton({
  name,
  number,
  chosen,
  onPress,
}: {
  readonly name: string
  readonly number?: string
  readonly chosen: boolean
  readonly onPress: () => void
}) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onPress}
      className={joinClasses(
        'flex min-h-16 items-center justify-between gap-2 rounded-md border-2 bg-surface px-4 text-left text-body font-medium',
        chosen ? 'border-accent' : 'border-line hover:bg-hover',
      )}
    >
      <span className="truncate">{name}</span>
      {number !== undefined && (
        <span className="text-small font-normal text-ink-soft">{number}</span>
      )}
    </button>
  )
}

/** A device that the store server does not know: revoked, or of another chain. It can be set up again. */
function NotAccepted({ onSetUp }: { readonly onSetUp: () => void }) {
  const t = useText()
  const refused = useTill(({ problems }) => problems.some(({ code }) => code === 'not_accepted'))
  if (!refused) return null
  return (
    <div role="alert" className="mt-6 border-l-4 border-warn pl-4">
      <p className="m-0 mb-3 text-small">{t('lock.renew')}</p>
      <Button size="touch" onClick={onSetUp}>
        {t('lock.renewAction')}
      </Button>
    </div>
  )
}

/** Whether the drawer is open, whose session it is, and which drawers wait: seen before anybody signs in. */
function SessionLine() {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const session = useTill(({ book }) => book.session)
  const people = useTill(({ directory }) => directory.people)
  const { timeZone } = getShop(node)
  const { waiting } = useWaiting()
  const words = useWaitingWords()
  return (
    <div className="mt-6 text-small text-ink-soft">
      <p className="m-0">
        {session === undefined
          ? t('lock.closed')
          : t('lock.openSession', {
              time: formatInstant(session.openedAt, 'time', { language, timeZone }),
              name: people.get(session.staffId)?.name ?? '?',
            })}
      </p>
      {waiting.map((each) => (
        <p key={each.id} className="m-0 mt-1">
          {words(each)}
        </p>
      ))}
    </div>
  )
}

/** Who signed in at this till lately and still works here; `undefined` until it was read. */
function useKnownPeople(): readonly Person[] | undefined {
  const { db, device } = useNode()
  const people = useTill(({ directory }) => directory.people)
  const [ids, setIds] = useState<readonly string[] | undefined>(undefined)
  useEffect(() => {
    listUnlocks(db).then(setIds, () => setIds([]))
  }, [db])
  return ids
    ?.flatMap((id) => people.get(id) ?? [])
    .filter((person) => worksAt(person, device.shopId))
    .slice(0, shownMax)
}

function useRefusalWords(): (refusal: SignInRefusal) => string {
  const t = useText()
  const [language] = useLanguage()
  const { timeZone } = getShop(useNode())
  return (refusal) => {
    switch (refusal.is) {
      case 'wrong':
        return t('lock.wrong')
      case 'locked': {
        const until = new Date(refusal.untilMs).toISOString()
        return t('lock.locked', { time: formatInstant(until, 'seconds', { language, timeZone }) })
      }
      case 'not_here':
        return t('lock.notHere')
      case 'not_allowed':
        return t('lock.notAllowed')
      case 'busy':
        return t('lock.busy')
    }
  }
}
