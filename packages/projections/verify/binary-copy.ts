import { assert } from '@tillkeeper/core/base/assert.ts'

// Rows as PostgreSQL's COPY writes them in its binary format: no text to parse and no escapes, which is
// most of the time that reading a million facts takes.

/** One row: a view into memory that is gone with the next row. Keep copies, not views. */
export type CopyRow = readonly Buffer[]

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const headerBytes = signature.length + 8
const endOfRows = -1

/** Makes a reader of chunks, cut anywhere, that gives each row of `columns` not null to `onRow`. */
export function createCopyReader(columns: number, onRow: (row: CopyRow) => void) {
  let left: Buffer = Buffer.alloc(0)
  let begun = false
  let ended = false

  /** How many bytes the rows that are whole take up. */
  const readRows = (chunk: Buffer, from: number): number => {
    let at = from
    for (;;) {
      if (at + 2 > chunk.length) return at
      const count = chunk.readInt16BE(at)
      if (count === endOfRows) {
        ended = true
        return chunk.length
      }
      assert(count === columns, 'a row has the columns that were asked for')
      const row: Buffer[] = []
      let end = at + 2
      for (let column = 0; column < columns; column += 1) {
        if (end + 4 > chunk.length) return at
        const length = chunk.readInt32BE(end)
        assert(length >= 0, 'a column that was asked for is not null')
        if (end + 4 + length > chunk.length) return at
        row.push(chunk.subarray(end + 4, end + 4 + length))
        end += 4 + length
      }
      onRow(row)
      at = end
    }
  }

  return {
    push: (chunk: Buffer): void => {
      const all = left.length === 0 ? chunk : Buffer.concat([left, chunk])
      let at = 0
      if (!begun) {
        if (all.length < headerBytes) {
          left = all
          return
        }
        assert(
          all.subarray(0, signature.length).equals(signature),
          'a COPY begins with its signature',
        )
        begun = true
        at = headerBytes + all.readInt32BE(headerBytes - 4)
      }
      at = readRows(all, at)
      // A copy: the chunk's memory belongs to the driver.
      left = Buffer.from(all.subarray(at))
    },
    /** Asserts that the rows were read to their end. */
    end: (): void => assert(ended, 'a COPY ends with its end of rows'),
  }
}
