import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { AttachmentMime } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { authorStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { ensureStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms, readStaff } from '../till/session-sql.ts'

export type AddAttachment = {
  /** Who took it. The fact's actor is who sends it: that may be another person, once the line is back. */
  readonly staffId: StaffId
  readonly mime: AttachmentMime
  /** Base64. */
  readonly bytes: string
}

/** Nobody of that id works in this shop, or ever did. */
type Nobody = { readonly code: 'staff_not_found' }

/** Keeps a photo, in the lane of this server that never stands before money. */
export async function addAttachment(
  node: StoreNode,
  acting: Acting,
  { staffId, mime, bytes }: AddAttachment,
): Promise<Outcome<Done, Nobody | ActRefusal>> {
  const { org, shopId, author } = node
  const stream = authorStreamId(author.author, author.epoch, 'telemetry')
  await ensureStream(node.db, org, stream)
  const aside = { ...node, author: { ...author, stream } }
  return recordAct<Nobody>(aside, acting, async (tx, occurredAt) => {
    const taker = await readStaff(tx, org, { staffId, shopId })
    // Who sends their own has shown who they are, wherever they work.
    if (taker === undefined && acting.actor !== `staff:${staffId}`) {
      return refused({ code: 'staff_not_found' })
    }
    const { timeZone } = await readShopTerms(tx, org, shopId)
    return accepted({
      id: acting.id,
      type: 'attachment.added',
      v: catalogue['attachment.added'].v,
      scope: `shop:${shopId}`,
      actor: acting.actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, timeZone),
      keys: [],
      refs: [],
      body: { shopId, staffId, mime, bytes },
    })
  })
}

const magics: readonly (readonly [AttachmentMime, RegExp])[] = [
  ['image/jpeg', /^ffd8ff/],
  ['image/png', /^89504e470d0a1a0a/],
  ['image/webp', /^52494646.{8}57454250/],
]

/** Whether bytes begin as a picture of this kind does: a page that calls itself a photo is none. */
export function looksLike(mime: AttachmentMime, bytes: string): boolean {
  const head = Buffer.from(bytes.slice(0, 24), 'base64').toString('hex')
  return magics.some(([kind, magic]) => kind === mime && magic.test(head))
}
