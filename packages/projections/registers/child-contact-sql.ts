import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { jsonParameter, type Reader } from '../db.ts'

/** A child that was silent for longer comes back as a stranger to what was said meanwhile. */
export const silentMaxDays = 90

export type ChildContact = {
  readonly author: string
  /** When its hello came. */
  readonly at: string
  /** How far it holds each feed. */
  readonly feeds: Readonly<Record<string, number>>
}

/**
 * Notes that a child was heard, and what it holds. One that was silent for too long is expired up to this
 * moment: what it sold counts, and its edits from before wait for a person.
 */
export async function noteContact(
  sql: Reader,
  org: OrgId,
  { author, at, feeds }: ChildContact,
): Promise<void> {
  await sql`
    INSERT INTO child_contact AS contact (org_id, author, heard_at, feeds)
    VALUES (${org}, ${author}, ${at}, ${jsonParameter(sql, feeds)})
    ON CONFLICT (org_id, author) DO UPDATE
    SET heard_at = greatest(contact.heard_at, excluded.heard_at), feeds = excluded.feeds,
      expired_at = CASE
        WHEN contact.heard_at < excluded.heard_at - make_interval(days => ${silentMaxDays})
          THEN excluded.heard_at
        ELSE contact.expired_at
      END
  `
}
