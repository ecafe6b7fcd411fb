import { randomBytes } from 'node:crypto'
import { type OrgId, type ShopId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { type AccessTokens, accessSeconds } from './access-token.ts'
import { maySeeShop } from './actor.ts'
import { personActor } from './authenticate.ts'
import type { Hasher } from './hashing.ts'
import { addressRule, beginAttempt, markRight, personRule, takeBackAttempt } from './lockout.ts'
import { insertLogin, rotateToken } from './login-sql.ts'
import {
  type Credential,
  digestOf,
  findByLogin,
  findByNumber,
  findLogin,
  type LoginKind,
  type Person,
} from './person-sql.ts'

export type LoginDeps = {
  readonly db: Db
  /** The cloud has one for each organisation; `undefined` asks for one that knows nobody. */
  readonly hasher: Hasher | ((org: OrgId | undefined) => Promise<Hasher>)
  readonly tokens: AccessTokens
  /** What the next refresh token is computed with; lives as long as this server's key. */
  readonly refreshSecret: Uint8Array
  readonly now: () => Date
  /** The one organisation of this server; the cloud has many. */
  readonly org?: OrgId
  /** The shop of a store server: only its own people log in there. */
  readonly shop?: ShopId
}

export type LoginRefusal =
  | { readonly code: 'login_locked'; readonly retryAfterSeconds: number }
  | { readonly code: 'too_many_requests'; readonly retryAfterSeconds: number }
  | { readonly code: 'login_failed' }

export type LoggedIn = {
  readonly accessToken: string
  readonly expiresIn: number
  readonly refreshToken: string
  readonly employee: Omit<Person, 'org'>
}

/** What somebody typed: a staff number with a PIN, or a login with a password. */
export type Typed = {
  readonly kind: LoginKind
  readonly name: string
  readonly secret: string
  /** Where it was typed. */
  readonly address: string
}

/** Wrong tries of a server with many organisations are counted in one place. */
const noOrg = '00000000-0000-0000-0000-000000000000' as OrgId
/** A full queue of hashes is worked off in about so long. */
const busySeconds = 2

/**
 * Logs a person in. Whatever is wrong — no such person, another shop's, switched off, no PIN, a wrong one —
 * the answer and the work are the same.
 */
export async function logIn(
  deps: LoginDeps,
  typed: Typed,
): Promise<Outcome<LoggedIn, LoginRefusal>> {
  const proven = await proveWho(deps, typed)
  if (!proven.ok) return proven
  return accepted(await begin(deps, { ...proven.value, kind: typed.kind, now: deps.now() }))
}

/** Says who typed this, and begins no login. Wrong tries count as those of a login do. */
export async function proveWho(
  deps: LoginDeps,
  typed: Typed,
): Promise<Outcome<Credential, LoginRefusal>> {
  const { db, shop } = deps
  const org = deps.org ?? noOrg
  const now = deps.now()
  const person = `${typed.kind === 'pin' ? 'pin' : 'login'}:${typed.name}`
  const address = `address:${typed.address}`
  const subjects = [
    { name: person, rule: personRule },
    { name: address, rule: addressRule },
  ]
  const attempt = await beginAttempt(db, org, { subjects, now })
  if (attempt.state === 'locked') {
    const retryAfterSeconds = Math.ceil((attempt.until.getTime() - now.getTime()) / 1000)
    return refused({ code: 'login_locked', retryAfterSeconds })
  }

  const found = await findCredential(deps, typed)
  const hasher =
    typeof deps.hasher === 'function' ? await deps.hasher(found?.person.org) : deps.hasher
  const verdict = await hasher.verify(found?.hash, typed.secret)
  if (verdict === 'busy') {
    await takeBackAttempt(db, org, [person, address])
    return refused({ code: 'too_many_requests', retryAfterSeconds: busySeconds })
  }
  if (!verdict || found === undefined) return refused({ code: 'login_failed' })
  if (shop !== undefined && !maySeeShop(personActor(found.person, ''), shop)) {
    return refused({ code: 'login_failed' })
  }
  await markRight(db, org, { person, address })
  return accepted(found)
}

function findCredential({ db, org }: LoginDeps, { kind, name }: Typed) {
  if (kind === 'password') return findByLogin(db, org, name)
  return org === undefined ? Promise.resolve(undefined) : findByNumber(db, org, name)
}

async function begin(
  deps: LoginDeps,
  { person, hash, kind, now }: Credential & { readonly kind: LoginKind; readonly now: Date },
): Promise<LoggedIn> {
  const id = uuidv7(now.getTime(), randomBytes(10))
  const refreshToken = randomBytes(32).toString('base64url')
  const credentialDigest = digestOf(hash)
  const login = { id, staffId: person.id, kind, credentialDigest, refreshToken, now }
  await insertLogin(deps.db, person.org, login)
  return answer(deps, { person, loginId: id, refreshToken, now })
}

/**
 * Gives a new access token and the next refresh token for one that was not used yet, or was just now.
 * Everything else is refused in the same words, and a token used long ago ends the login.
 */
export async function refreshLogin(
  deps: LoginDeps,
  token: string,
): Promise<Outcome<LoggedIn, LoginRefusal>> {
  const { db, refreshSecret: secret } = deps
  const now = deps.now()
  const rotation = await rotateToken(db, token, { secret, now })
  if (rotation.state === 'refused') return refused({ code: 'login_failed' })
  const { org, loginId, next } = rotation
  const found = await findLogin(db, org, { loginId, now })
  if (found === undefined) return refused({ code: 'login_failed' })
  return accepted(await answer(deps, { person: found.person, loginId, refreshToken: next, now }))
}

async function answer(
  { tokens }: LoginDeps,
  {
    person,
    loginId,
    refreshToken,
    now,
  }: {
    readonly person: Person
    readonly loginId: string
    readonly refreshToken: string
    readonly now: Date
  },
): Promise<LoggedIn> {
  const { org, ...employee } = person
  const accessToken = await tokens.sign('at+jwt', { sub: person.id, org, login: loginId }, now)
  return { accessToken, expiresIn: accessSeconds, refreshToken, employee }
}
