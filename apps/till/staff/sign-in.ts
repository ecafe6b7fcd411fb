import { Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import type { Static } from 'typebox'
import { type Directory, type Person, worksAt } from '../catalogue/directory.ts'
import type { TillDb } from '../journal/database.ts'
import { askStore } from '../store/ask-store.ts'
import { forgetUnlock, rememberUnlock, tryUnlock } from './unlock.ts'

/** What a store server gives somebody who logged in: needed to look at other tills' sales. */
export type StoreLogin = {
  readonly staffId: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresMs: number
}

export type SignedIn = {
  readonly is: 'in'
  readonly person: Person
  /** Absent where the store server was out of reach. */
  readonly login?: StoreLogin | undefined
}

export type SignInRefusal =
  | { readonly is: 'wrong' }
  | { readonly is: 'locked'; readonly untilMs: number }
  /** The store server is out of reach, and these people were not seen here in the last two weeks. */
  | { readonly is: 'not_here' }
  /** Known, but not of this shop or no longer with us. */
  | { readonly is: 'not_allowed' }
  | { readonly is: 'busy' }

type Deps = {
  readonly db: TillDb
  readonly directory: Directory
  readonly shopId: ShopId
  readonly nowMs: number
}

/**
 * Lets somebody work: by the store server where it answers, else by what this till remembers. What
 * people may do comes from the feed either way.
 */
export async function signIn(
  deps: Deps,
  typed: { readonly number: string; readonly pin: string },
): Promise<SignedIn | SignInRefusal> {
  const { db, nowMs } = deps
  const answer = await askPin(typed, nowMs)
  if (answer.is === 'unreachable') return signInOffline(deps, typed)
  const known = findByNumber(deps.directory, typed.number)
  if (answer.is !== 'in') {
    // The PIN was changed since: what is remembered here must not let the old one in.
    if (answer.is === 'wrong' && known !== undefined && (await isRemembered(deps, known, typed))) {
      await forgetUnlock(db, known.id)
    }
    return answer
  }
  const person = deps.directory.people.get(answer.login.staffId)
  if (!worksAt(person, deps.shopId)) return { is: 'not_allowed' }
  await rememberUnlock(db, { staffId: person.id, pin: typed.pin, nowMs })
  return { is: 'in', person, login: answer.login }
}

/** Asks the store server for a login; without what it says of the person, which the feed says better. */
export async function askPin(
  typed: { readonly number: string; readonly pin: string },
  nowMs: number,
): Promise<
  | { readonly is: 'in'; readonly login: StoreLogin }
  | { readonly is: 'unreachable' }
  | Exclude<SignInRefusal, { is: 'not_here' | 'not_allowed' }>
> {
  const answer = await askStore<Static<typeof Tokens>>(Tokens, {
    method: 'POST',
    path: '/v1/auth/pin',
    body: typed,
  })
  if (answer.ok) return { is: 'in', login: loginOf(answer.value, nowMs) }
  const { refusal } = answer
  if (refusal.code === 'unreachable') return { is: 'unreachable' }
  if (refusal.why === 'login_failed') return { is: 'wrong' }
  if (refusal.why === 'login_locked') {
    return { is: 'locked', untilMs: nowMs + (refusal.retryAfterMs ?? 30_000) }
  }
  if (refusal.why === 'too_many_requests') return { is: 'busy' }
  // Up, but not able to say: a database that is away must not stop who is known here.
  return { is: 'unreachable' }
}

export function loginOf(tokens: Static<typeof Tokens>, nowMs: number): StoreLogin {
  return {
    staffId: tokens.employee.id,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresMs: nowMs + tokens.expiresIn * 1_000,
  }
}

/** Who has this number, if it is one person's alone. */
export function findByNumber(directory: Directory, number: string): Person | undefined {
  const found = [...directory.people.values()].filter(
    (person) => person.active && person.number === number,
  )
  return found.length === 1 ? found[0] : undefined
}

async function signInOffline(
  { db, directory, shopId, nowMs }: Deps,
  { number, pin }: { readonly number: string; readonly pin: string },
): Promise<SignedIn | SignInRefusal> {
  const person = findByNumber(directory, number)
  if (person === undefined) return { is: 'not_here' }
  const unlocked = await tryUnlock(db, { staffId: person.id, pin, nowMs })
  if ('may' in unlocked) {
    return unlocked.may === 'wait'
      ? { is: 'locked', untilMs: unlocked.untilMs }
      : { is: 'not_here' }
  }
  if (unlocked.is === 'wrong') return { is: 'wrong' }
  return worksAt(person, shopId) ? { is: 'in', person } : { is: 'not_allowed' }
}

async function isRemembered(
  { db, nowMs }: Deps,
  person: Person,
  { pin }: { readonly pin: string },
): Promise<boolean> {
  const unlocked = await tryUnlock(db, { staffId: person.id, pin, nowMs })
  return 'is' in unlocked && unlocked.is === 'right'
}
