import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { AttachmentMime } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import type { Reader } from '../db.ts'

export type Attachment = {
  readonly shopId: ShopId
  readonly mime: AttachmentMime
  readonly bytes: Uint8Array
}

export async function findAttachment(
  sql: Reader,
  org: OrgId,
  id: string,
): Promise<Attachment | undefined> {
  const [row] = await sql<Attachment[]>`
    SELECT shop_id AS "shopId", mime, bytes FROM attachment WHERE org_id = ${org} AND id = ${id}
  `
  return row
}
