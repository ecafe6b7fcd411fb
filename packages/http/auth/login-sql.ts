import { createHash, createHmac } from 'node:crypto'
import type { OrgId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Db, Tx } from '@tillkeeper/projections/db.ts'
import type { LoginKind } from './person-sql.ts'

/** How long after its use a refresh token is answered again: the first answer may have been lost. */
export const refreshGraceMs = 10_000
/** A working day, and a month for who logs in at a desk. */
const lifeMs = { pin: 12 * 3_600_000, password: 30 * 86_400_000 } as const satisfies Record<
  LoginKind,
  number
>
const prunedMax = 200

export type NewLogin = {
  readonly id: string
  readonly staffId: StaffId
  readonly kind: LoginKind
  readonly credentialDigest: string
  /** 256 random bits, as text. */
  readonly refreshToken: string
  readonly now: Date
}

/** Begins a login with its first refresh token. Logins that ended long ago are cleared away. */
export async function insertLogin(db: Db, org: OrgId, login: NewLogin): Promise<void> {
  const endsAt = new Date(login.now.getTime() + lifeMs[login.kind]).toISOString()
  await db.begin(async (tx) => {
    await tx`
      INSERT INTO login (org_id, id, staff_id, kind, credential_digest, began_at, ends_at)
      VALUES (${org}, ${login.id}, ${login.staffId}, ${login.kind}, ${login.credentialDigest},
        ${login.now.toISOString()}, ${endsAt})
    `
    await tx`
      INSERT INTO refresh_token (token_hash, org_id, login_id)
      VALUES (${hashToken(login.refreshToken)}, ${org}, ${login.id})
    `
    await pruneLogins(tx, login.now)
  })
}

async function pruneLogins(tx: Tx, now: Date): Promise<void> {
  const ended = await tx<{ id: string }[]>`
    SELECT id FROM login WHERE ends_at < ${now.toISOString()} ORDER BY ends_at LIMIT ${prunedMax}
    FOR UPDATE SKIP LOCKED
  `
  if (ended.length === 0) return
  const ids = ended.map(({ id }) => id)
  await tx`DELETE FROM refresh_token WHERE login_id = ANY (${ids}::uuid[])`
  await tx`DELETE FROM login WHERE id = ANY (${ids}::uuid[])`
}

export type Rotation =
  | {
      readonly state: 'rotated'
      readonly org: OrgId
      readonly loginId: string
      readonly next: string
    }
  | { readonly state: 'refused' }

/**
 * Uses a refresh token, once. The next one is computed from it and `secret`, so that a repeat within the
 * grace gets the same answer; a repeat after it means that two hold the token, and ends the login.
 */
export async function rotateToken(
  db: Db,
  token: string,
  { secret, now }: { readonly secret: Uint8Array; readonly now: Date },
): Promise<Rotation> {
  const next = createHmac('sha256', secret).update(token).digest('base64url')
  return db.begin(async (tx): Promise<Rotation> => {
    const [row] = await tx<{ org: OrgId; loginId: string; usedAt: string | null }[]>`
      SELECT org_id AS org, login_id AS "loginId", used_at AS "usedAt"
      FROM refresh_token
      WHERE token_hash = ${hashToken(token)}
      FOR UPDATE
    `
    if (row === undefined) return { state: 'refused' }
    const { org, loginId, usedAt } = row
    if (usedAt !== null && now.getTime() - Date.parse(usedAt) > refreshGraceMs) {
      await revokeLogin(tx, org, { loginId, now })
      return { state: 'refused' }
    }
    if (usedAt === null) {
      await tx`
        UPDATE refresh_token SET used_at = ${now.toISOString()}
        WHERE token_hash = ${hashToken(token)}
      `
      await tx`
        INSERT INTO refresh_token (token_hash, org_id, login_id)
        VALUES (${hashToken(next)}, ${org}, ${loginId})
      `
    }
    return { state: 'rotated', org, loginId, next }
  })
}

/** Ends the login that a refresh token belongs to, if there is one. */
export async function revokeLoginOf(db: Db, token: string, now: Date): Promise<void> {
  await db`
    UPDATE login
    SET revoked_at = coalesce(login.revoked_at, ${now.toISOString()})
    FROM refresh_token
    WHERE refresh_token.token_hash = ${hashToken(token)}
      AND login.org_id = refresh_token.org_id AND login.id = refresh_token.login_id
  `
}

async function revokeLogin(
  tx: Tx,
  org: OrgId,
  { loginId, now }: { readonly loginId: string; readonly now: Date },
): Promise<void> {
  await tx`
    UPDATE login SET revoked_at = coalesce(revoked_at, ${now.toISOString()})
    WHERE org_id = ${org} AND id = ${loginId}
  `
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
