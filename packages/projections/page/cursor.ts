import { isUuid } from '@tillkeeper/core/base/id.ts'
import { isInstant } from '@tillkeeper/core/base/instant.ts'

/** A part of a list; `next` is the cursor of what follows, null at the end. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }

/** What a part of a cursor has to be: it goes into a query, and may come from anybody. */
export type CursorPart = 'instant' | 'uuid' | 'text'

const cursorCharsMax = 2_000

/** Writes where a list goes on: the sort keys of the last item, opaque to who hands it back. */
export function encodeCursor(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/** Reads a cursor that is made of these parts; `undefined` for any other text. It never throws. */
export function decodeCursor<const Parts extends readonly CursorPart[]>(
  text: string,
  parts: Parts,
): { readonly [Index in keyof Parts]: string } | undefined {
  if (text.length > cursorCharsMax) return undefined
  let keys: unknown
  try {
    keys = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    // What is no JSON is no cursor of ours.
    return undefined
  }
  if (!Array.isArray(keys) || keys.length !== parts.length) return undefined
  if (!parts.every((part, index) => isPart(keys[index], part))) return undefined
  return keys as { readonly [Index in keyof Parts]: string }
}

function isPart(key: unknown, part: CursorPart): boolean {
  if (typeof key !== 'string') return false
  if (part === 'uuid') return isUuid(key)
  if (part === 'instant') return isInstant(key)
  return !key.includes('\0')
}

/** Cuts a list that was read with one item more than the page holds. */
export function toPage<Item>(
  rows: readonly Item[],
  limit: number,
  keysOf: (item: Item) => readonly string[],
): Page<Item> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    next: rows.length > limit && last !== undefined ? encodeCursor(keysOf(last)) : null,
  }
}
