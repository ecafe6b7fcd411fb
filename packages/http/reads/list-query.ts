import { uuidPattern } from '@tillkeeper/core/base/id.ts'
import { Day } from '@tillkeeper/facts/catalogue/parts.ts'
import { type CursorPart, decodeCursor } from '@tillkeeper/projections/page/cursor.ts'
import Type, { type TProperties } from 'typebox'
import { RefusedRequest } from '../problem/problem.ts'

// Words of a query are texts: nothing is coerced, and each is checked by its pattern and then read here.

/** More rows than this are given in no answer. */
export const limitMax = 200
const limitDefault = 50
const cursorCharsMax = 2_000
/** A year and a month: what a report of this year against the last one needs. */
const daysMax = 400
const dayMs = 86_400_000

export const UuidText = <T extends string>() =>
  Type.Unsafe<T>(Type.String({ pattern: uuidPattern }))
export const DayText = Day
export const Words = Type.String({ maxLength: 100, pattern: '^[^\\u0000]*$' })

/** The query of a list: its own words, and where and how long a page is. */
export const ListQuery = <P extends TProperties>(words: P) =>
  Type.Object(
    {
      ...words,
      cursor: Type.Optional(
        Type.String({
          maxLength: cursorCharsMax,
          pattern: '^[A-Za-z0-9_-]*$',
          description: '`next` of the page before.',
        }),
      ),
      limit: Type.Optional(
        Type.String({
          pattern: '^[1-9][0-9]{0,5}$',
          description: `Rows in a page: ${limitDefault} if left out, ${limitMax} at most.`,
        }),
      ),
    },
    { additionalProperties: false },
  )

/** How many rows a page has. */
export function readLimit({ limit }: { readonly limit?: string | undefined }): number {
  return limit === undefined ? limitDefault : Math.min(Number(limit), limitMax)
}

/** Where the list goes on; a text that is no cursor of this list is refused. */
export function readCursor<const Parts extends readonly CursorPart[]>(
  { cursor }: { readonly cursor?: string | undefined },
  parts: Parts,
): { readonly [Index in keyof Parts]: string } | undefined {
  if (cursor === undefined) return undefined
  const keys = decodeCursor(cursor, parts)
  if (keys === undefined) throw new RefusedRequest({ code: 'bad_cursor' })
  return keys
}

/** Lists that are given whole hand out no cursor, so they take none. */
export function refuseCursor({ cursor }: { readonly cursor?: string | undefined }): void {
  if (cursor !== undefined) throw new RefusedRequest({ code: 'bad_cursor' })
}

/** Refuses days that are in no order, or too many to read at once. */
export function checkDays({ from, to }: { readonly from: string; readonly to: string }): void {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs
  if (days >= 0 && days < daysMax) return
  const detail = `must be from 0 to ${daysMax - 1} days after from`
  throw new RefusedRequest({ code: 'query_invalid', errors: [{ pointer: '/to', detail }] })
}
