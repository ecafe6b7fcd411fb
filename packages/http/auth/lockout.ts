import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db, Tx } from '@tillkeeper/projections/db.ts'

/** How many wrong tries lead to which wait. */
export type LockoutRule = {
  /** From so many on each wrong try makes one wait, twice as long each time. */
  readonly waitFrom: number
  /** From so many on the subject is locked for `lockMs`. */
  readonly lockFrom: number
}

/** One person, by what was typed: a PIN of six digits holds against ten tries in half an hour. */
export const personRule: LockoutRule = { waitFrom: 5, lockFrom: 10 }
/**
 * One address: a whole shop may stand behind it, so it takes more before all are made to wait. It stops
 * one who tries the same PIN on everybody.
 */
export const addressRule: LockoutRule = { waitFrom: 25, lockFrom: 50 }

const firstWaitMs = 30_000
const lockMs = 30 * 60_000
/** Wrong tries are forgotten when nothing was tried for so long. */
const forgetMs = 60 * 60_000
const staleRowsMax = 1_000

export type Subject = { readonly name: string; readonly rule: LockoutRule }
export type Attempt =
  | { readonly state: 'open' }
  | { readonly state: 'locked'; readonly until: Date }

/**
 * Counts a try of each subject as wrong, for good, before anybody looks whether it is right: so neither a
 * kill nor a hundred tries at once gain one. Where a subject has to wait, nothing is counted.
 */
export async function beginAttempt(
  db: Db,
  org: OrgId,
  { subjects, now }: { readonly subjects: readonly Subject[]; readonly now: Date },
): Promise<Attempt> {
  return db.begin(async (tx): Promise<Attempt> => {
    const ordered = [...subjects].sort((a, b) => (a.name < b.name ? -1 : 1))
    const held: { subject: Subject; failures: number }[] = []
    let until: Date | undefined
    for (const subject of ordered) {
      const row = await lockAttempt(tx, org, { name: subject.name, now })
      held.push({ subject, failures: row.failures })
      if (row.lockedUntil > now && (until === undefined || row.lockedUntil > until)) {
        until = row.lockedUntil
      }
    }
    if (until !== undefined) return { state: 'locked', until }
    for (const { subject, failures } of held) {
      await markFailures(tx, org, { subject, failures: failures + 1, now })
    }
    await forgetOld(tx, now)
    return { state: 'open' }
  })
}

/**
 * Takes back a try that was right. The person's wrong tries are forgotten; the address's are not, or one
 * who knows one PIN could go on guessing the others'.
 */
export async function markRight(
  db: Db,
  org: OrgId,
  { person, address }: { readonly person: string; readonly address: string },
): Promise<void> {
  await db.begin(async (tx) => {
    await tx`
      UPDATE login_attempt
      SET failures = greatest(failures - 1, 0), locked_until = NULL
      WHERE org_id = ${org} AND subject = ${address}
    `
    await tx`DELETE FROM login_attempt WHERE org_id = ${org} AND subject = ${person}`
  })
}

/** Takes back tries that nobody could judge: the server was too busy to compare. */
export async function takeBackAttempt(
  db: Db,
  org: OrgId,
  subjects: readonly string[],
): Promise<void> {
  await db`
    UPDATE login_attempt
    SET failures = greatest(failures - 1, 0), locked_until = NULL
    WHERE org_id = ${org} AND subject = ANY (${[...subjects].sort()})
  `
}

async function lockAttempt(
  tx: Tx,
  org: OrgId,
  { name, now }: { readonly name: string; readonly now: Date },
): Promise<{ failures: number; lockedUntil: Date }> {
  await tx`
    INSERT INTO login_attempt (org_id, subject, failures, last_at)
    VALUES (${org}, ${name}, 0, ${now.toISOString()})
    ON CONFLICT (org_id, subject) DO NOTHING
  `
  const [row] = await tx<{ failures: number; lockedUntil: string | null; lastAt: string }[]>`
    SELECT failures, locked_until AS "lockedUntil", last_at AS "lastAt"
    FROM login_attempt
    WHERE org_id = ${org} AND subject = ${name}
    FOR UPDATE
  `
  const forgotten = row === undefined || Date.parse(row.lastAt) < now.getTime() - forgetMs
  return {
    failures: forgotten ? 0 : row.failures,
    lockedUntil: new Date(row?.lockedUntil ?? 0),
  }
}

async function markFailures(
  tx: Tx,
  org: OrgId,
  { subject, failures, now }: { subject: Subject; failures: number; now: Date },
): Promise<void> {
  const waitMs = waitAfter(subject.rule, failures)
  const until = waitMs === 0 ? null : new Date(now.getTime() + waitMs).toISOString()
  await tx`
    UPDATE login_attempt
    SET failures = ${failures}, locked_until = ${until}, last_at = ${now.toISOString()}
    WHERE org_id = ${org} AND subject = ${subject.name}
  `
}

/** How long the next try has to wait after so many wrong ones. */
export function waitAfter({ waitFrom, lockFrom }: LockoutRule, failures: number): number {
  if (failures >= lockFrom) return lockMs
  return failures < waitFrom ? 0 : Math.min(firstWaitMs * 2 ** (failures - waitFrom), lockMs)
}

// Anybody may type any number, so rows of names that nobody has must not pile up.
async function forgetOld(tx: Tx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - forgetMs).toISOString()
  await tx`
    DELETE FROM login_attempt
    WHERE (org_id, subject) IN (
      SELECT org_id, subject
      FROM login_attempt
      WHERE last_at < ${before} AND (locked_until IS NULL OR locked_until < ${before})
      LIMIT ${staleRowsMax}
      FOR UPDATE SKIP LOCKED
    )
  `
}
