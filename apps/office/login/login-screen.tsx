import { Button } from '@tillkeeper/ui/button/button.tsx'
import { ErrorState } from '@tillkeeper/ui/feedback/states.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { type FormEvent, useEffect, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { ApiProblem, faultOf } from '../api/problem.ts'
import { useText } from '../messages/use-text.ts'
import { LanguageSwitcher } from '../shell/top-bar.tsx'
import type { Credentials } from './login.ts'
import { describeRefusal, type LoginRefusal } from './login-refusal.ts'
import { takesPin } from './takes-pin.ts'

type Way = 'password' | 'pin'

/** Says who is there: login and password, and in the shop also staff number and PIN. */
export function LoginScreen({ why }: { readonly why: 'first' | 'expired' | 'asked' }) {
  const t = useText()
  const [way, setWay] = useState<Way>('password')
  const [inShop, setInShop] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    takesPin(stop.signal).then(setInShop, () => undefined)
    return () => stop.abort()
  }, [])
  return (
    <div className="flex min-h-dvh flex-col bg-canvas">
      <header className="flex justify-end p-3">
        <LanguageSwitcher />
      </header>
      <main className="mx-auto flex w-full max-w-sm flex-1 flex-col gap-5 px-5 pt-[8vh] pb-16">
        <div className="flex items-center gap-3">
          <svg aria-hidden="true" viewBox="0 0 32 32" className="size-9">
            <rect width="32" height="32" rx="7" className="fill-accent" />
            <path d="M8 10h16v3H8zM8 15.5h16v3H8zM8 21h10v3H8z" className="fill-canvas" />
          </svg>
          <div>
            <h1 className="m-0 text-title leading-tight font-semibold">{t('login.title')}</h1>
            <p className="m-0 text-small text-ink-soft">
              {inShop ? t('login.place.shop') : t('login.place.chain')}
            </p>
          </div>
        </div>
        {why === 'expired' && (
          <p role="status" className="m-0 rounded-md bg-warn-soft px-4 py-2 text-small text-warn">
            {t('login.expired')}
          </p>
        )}
        {way === 'pin' ? <PinForm /> : <PasswordForm />}
        {inShop && (
          <Button look="quiet" onClick={() => setWay(way === 'pin' ? 'password' : 'pin')}>
            {way === 'pin' ? t('login.usePassword') : t('login.usePin')}
          </Button>
        )}
      </main>
    </div>
  )
}

function PasswordForm() {
  const t = useText()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { enter, busy, refusal } = useEnter()
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    enter({ kind: 'password', login: login.trim(), password })
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Field
        label={t('login.login')}
        size="touch"
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <Field
        label={t('login.password')}
        size="touch"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Refused refusal={refusal} />
      <Button type="submit" look="primary" size="touch" disabled={busy}>
        {busy ? t('login.busy') : t('login.enter')}
      </Button>
    </form>
  )
}

function PinForm() {
  const t = useText()
  const [number, setNumber] = useState('')
  const [pin, setPin] = useState('')
  const { enter, busy, refusal } = useEnter()
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    enter({ kind: 'pin', number: number.trim(), pin })
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Field
        label={t('login.number')}
        size="touch"
        inputMode="numeric"
        autoComplete="username"
        required
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      <Field
        label={t('login.pin')}
        size="touch"
        type="password"
        inputMode="numeric"
        pattern="[0-9]{4,12}"
        title={t('login.pin.hint')}
        autoComplete="current-password"
        required
        value={pin}
        onChange={(event) => setPin(event.target.value)}
      />
      <Refused refusal={refusal} />
      <Button type="submit" look="primary" size="touch" disabled={busy}>
        {busy ? t('login.busy') : t('login.enter')}
      </Button>
    </form>
  )
}

function Refused({ refusal }: { readonly refusal: LoginRefusal | undefined }) {
  const t = useText()
  if (refusal === undefined) return null
  const { happened, safe, next } = describeRefusal(refusal)
  const values = { seconds: refusal.retryAfterSeconds ?? 0 }
  return <ErrorState happened={t(happened)} safe={t(safe)} next={t(next, values)} />
}

function useEnter() {
  const { login } = useClients()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<LoginRefusal>()
  const enter = (credentials: Credentials) => {
    setBusy(true)
    setRefusal(undefined)
    login
      .enter(credentials)
      .catch((error: unknown) =>
        setRefusal({
          kind: faultOf(error),
          retryAfterSeconds: error instanceof ApiProblem ? error.retryAfterSeconds : undefined,
        }),
      )
      .finally(() => setBusy(false))
  }
  return { enter, busy, refusal }
}
