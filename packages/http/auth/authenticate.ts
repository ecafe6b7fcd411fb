import { timingSafeEqual } from 'node:crypto'
import { isUuid, type OrgId, type ShopId } from '@tillkeeper/core/base/id.ts'
import {
  isPermission,
  type Permission,
  permissions,
} from '@tillkeeper/core/permission/permission.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findTillDevice } from '@tillkeeper/projections/till/till-device-sql.ts'
import { decodeProtectedHeader, type JWTPayload } from 'jose'
import type { AccessTokens } from './access-token.ts'
import { type Actor, type Authenticate, maySeeShop } from './actor.ts'
import { findLogin, type Person } from './person-sql.ts'
import { hashSecretKey, secretKindOf } from './secret-key.ts'
import { findApiKey } from './system-sql.ts'

/** What was taken from somebody works on for as long at most. */
const rememberMs = 2_000
const rememberedMax = 2_000

type Deps = {
  readonly db: Db
  readonly tokens: AccessTokens
  readonly now: () => Date
  /** The one organisation of this server; the cloud has many. */
  readonly org?: OrgId
  /** The shop of a store server: who has no business there is nobody. */
  readonly shop?: ShopId
  /** SHA-256 of the operator's key, in hexadecimal. */
  readonly adminKeyHash?: string
  /** Recognises a store server by the claims of its token. */
  readonly findNode?: (claims: JWTPayload) => Promise<Actor | undefined>
}

/**
 * Makes the one place that says whose token it is: a person's access token, a key of another system, of an
 * enrolled till or of the operator, a store server's token. What is switched off, changed or logged
 * out is nobody's within two seconds.
 */
export function createAuthenticate(deps: Deps): Authenticate {
  const remembered = new Map<string, { readonly actor: Actor; readonly untilMs: number }>()
  return async (token) => {
    const nowMs = deps.now().getTime()
    const known = remembered.get(token)
    if (known !== undefined && known.untilMs > nowMs) return known.actor

    const actor = await recognise(deps, token)
    if (actor === undefined || (deps.shop !== undefined && !maySeeShop(actor, deps.shop))) {
      remembered.delete(token)
      return undefined
    }
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(token, { actor, untilMs: nowMs + rememberMs })
    return actor
  }
}

async function recognise(deps: Deps, token: string): Promise<Actor | undefined> {
  if (token.startsWith('tk_')) return recogniseKey(deps, token)
  switch (readType(token)) {
    case 'at+jwt':
      return recognisePerson(deps, token)
    case 'node+jwt': {
      const claims = await deps.tokens.verify('node+jwt', token, deps.now())
      return claims === undefined ? undefined : deps.findNode?.(claims)
    }
    default:
      return undefined
  }
}

// The type only chooses which check is made; the check then requires it.
function readType(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ
  } catch {
    return undefined
  }
}

async function recognisePerson(
  { db, tokens, now, org }: Deps,
  token: string,
): Promise<Actor | undefined> {
  const claims = await tokens.verify('at+jwt', token, now())
  const { org: tokenOrg, login } = claims ?? {}
  if (typeof tokenOrg !== 'string' || typeof login !== 'string') return undefined
  if (!isUuid(tokenOrg) || !isUuid(login) || (org !== undefined && org !== tokenOrg)) {
    return undefined
  }
  const found = await findLogin(db, tokenOrg as OrgId, { loginId: login, now: now() })
  if (found === undefined || found.person.id !== claims?.sub) return undefined
  return personActor(found.person, login)
}

/** A person as one who asks. */
export function personActor(person: Person, loginId: string): Actor {
  return {
    kind: 'person',
    id: person.id,
    name: person.name,
    org: person.org,
    permissions: new Set(person.permissions),
    limits: person.limits,
    shops: shopsOf(person),
    loginId,
  }
}

// Who runs the chain sees every shop, those too that are opened tomorrow.
function shopsOf(granted: {
  readonly permissions: readonly Permission[]
  readonly shops: readonly ShopId[]
}): Actor['shops'] {
  return granted.permissions.includes('chain.manage') ? 'all' : new Set(granted.shops)
}

async function recogniseKey(
  { db, org, adminKeyHash }: Deps,
  token: string,
): Promise<Actor | undefined> {
  const hash = hashSecretKey(token)
  switch (secretKindOf(token)) {
    case 'live': {
      const key = await findApiKey(db, org, hash)
      if (key === undefined) return undefined
      const granted = key.permissions.filter(isPermission)
      return {
        kind: 'key',
        id: key.id,
        org: key.org,
        permissions: new Set(granted),
        shops: shopsOf({ permissions: granted, shops: key.shops }),
      }
    }
    case 'till': {
      const device = org === undefined ? undefined : await findTillDevice(db, org, hash)
      if (device === undefined) return undefined
      const { tillId, shopId } = device
      const shops = new Set([shopId])
      return { kind: 'till', id: tillId, org: device.org, permissions: new Set(['child']), shops }
    }
    case 'admin': {
      if (adminKeyHash === undefined) return undefined
      if (!timingSafeEqual(Buffer.from(hash), Buffer.from(adminKeyHash))) return undefined
      const all = new Set(permissions)
      return { kind: 'admin', id: 'admin', org: undefined, permissions: all, shops: 'all' }
    }
    default:
      return undefined
  }
}
