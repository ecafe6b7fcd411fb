import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useState } from 'react'
import type { TillDb } from '../journal/database.ts'
import type { Device } from '../journal/kept.ts'
import { PinForm } from '../staff/pin-form.tsx'
import type { TillKey } from '../words/en.ts'
import { LanguageChoice } from '../words/language-choice.tsx'
import { useText } from '../words/use-text.ts'
import {
  type EnrolRefusal,
  enrolTill,
  type Manager,
  openSetUp,
  type TillChoice,
} from './enrol-till.ts'
import {
  type Before,
  onChosen,
  onEnrolRefused,
  onManager,
  type SetUp,
  startSetUp,
} from './set-up-state.ts'
import type { Witness } from './witness.ts'

const words: Readonly<Record<EnrolRefusal['code'], TillKey>> = {
  wrong: 'lock.wrong',
  locked: 'lock.busy',
  unreachable: 'setup.unreachable',
  forbidden: 'setup.forbidden',
  not_saved: 'setup.notSaved',
}

/** A browser that is no till yet: a manager says which one it becomes. */
export function SetUpScreen({
  db,
  before,
  gone,
  onDevice,
}: {
  readonly db: TillDb
  readonly before?: Before | undefined
  /** The till that was here until the browser deleted it. */
  readonly gone?: Witness | undefined
  readonly onDevice: (device: Device) => void
}) {
  const t = useText()
  const [setUp, setSetUp] = useState<SetUp>(startSetUp)
  const refusal = 'refusal' in setUp ? setUp.refusal : undefined
  const refusalText = refusal === undefined ? undefined : t(words[refusal])

  const ask = async (number: string, pin: string) => {
    setSetUp({ stage: 'asking' })
    setSetUp(onManager(await openSetUp({ number, pin }, Date.now())))
  }
  const enrol = async (manager: Manager, till: TillChoice) => {
    setSetUp({ stage: 'enrolling', manager })
    const enrolled = await enrolTill(db, manager, { till, now: new Date() })
    if (enrolled.ok) onDevice(enrolled.value)
    else setSetUp(onEnrolRefused(manager, enrolled.refusal))
  }
  const choose = (manager: Manager, till: TillChoice) => {
    const next = onChosen({ manager, till }, before)
    if (next.stage === 'enrolling') void enrol(manager, till)
    else setSetUp(next)
  }

  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-canvas p-6">
      <div className="w-full max-w-md">
        <h1 className="m-0 text-title font-semibold">{t('setup.title')}</h1>
        {setUp.stage === 'manager' || setUp.stage === 'asking' ? (
          <>
            {gone !== undefined && <Gone witness={gone} />}
            <p className="mt-2 mb-5 text-small text-ink-soft">{t('setup.intro')}</p>
            <PinForm
              busy={setUp.stage === 'asking'}
              refusal={refusalText}
              onSubmit={({ number, pin }) => void ask(number, pin)}
            />
          </>
        ) : setUp.stage === 'sure' ? (
          <Sure
            unsent={before?.unsent ?? 0}
            onSure={() => void enrol(setUp.manager, setUp.till)}
            onBack={() => setSetUp({ stage: 'choosing', manager: setUp.manager })}
          />
        ) : (
          <>
            <p className="mt-2 mb-5 text-small text-ink-soft">{t('setup.choose')}</p>
            <Choices
              tills={setUp.manager.tills}
              busy={setUp.stage === 'enrolling'}
              onChoose={(till) => choose(setUp.manager, till)}
            />
            <p role="alert" className="mt-4 min-h-6 text-small text-danger">
              {refusalText}
            </p>
          </>
        )}
        <LanguageChoice className="mt-8" />
      </div>
    </main>
  )
}

function Choices({
  tills,
  busy,
  onChoose,
}: {
  readonly tills: readonly TillChoice[]
  readonly busy: boolean
  readonly onChoose: (till: TillChoice) => void
}) {
  const t = useText()
  if (busy) return <p role="status">{t('setup.working')}</p>
  if (tills.length === 0) return <p className="text-small">{t('setup.none')}</p>
  return (
    <ul className="m-0 flex list-none flex-col gap-2 p-0">
      {tills.map((till) => (
        <li key={till.id}>
          <Button
            size="pay"
            className="w-full justify-between! text-left"
            onClick={() => onChoose(till)}
          >
            <span className="flex flex-col">
              <span>{t('till.name', { number: till.number })}</span>
              <span className="text-small font-normal text-ink-soft">{till.name}</span>
            </span>
            <span className="text-small font-normal text-ink-soft">{till.shopName}</span>
          </Button>
        </li>
      ))}
    </ul>
  )
}

function Gone({ witness }: { readonly witness: Witness }) {
  const t = useText()
  return (
    <div role="alert" className="mt-4 border-l-4 border-warn pl-4" data-gone={witness.unsent}>
      <p className="m-0 text-body font-semibold">{t('setup.gone', { name: witness.tillName })}</p>
      <p className="mt-1 mb-4 text-small">{t('setup.goneUnsent', { count: witness.unsent })}</p>
    </div>
  )
}

function Sure({
  unsent,
  onSure,
  onBack,
}: {
  readonly unsent: number
  readonly onSure: () => void
  readonly onBack: () => void
}) {
  const t = useText()
  return (
    <div role="alert" className="mt-4 border-l-4 border-danger pl-4">
      <p className="m-0 text-body font-semibold">{t('setup.sure', { count: unsent })}</p>
      <p className="mt-2 mb-4 text-small text-ink-soft">{t('setup.sureText')}</p>
      <div className="flex flex-col gap-2">
        <Button size="pay" onClick={onBack}>
          {t('setup.sureBack')}
        </Button>
        <Button size="touch" look="danger" onClick={onSure}>
          {t('setup.sureAction')}
        </Button>
      </div>
    </div>
  )
}
