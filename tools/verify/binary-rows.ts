/** What stands before the rows of a binary COPY, and after them. */
export const copyHeader = Buffer.concat([
  Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
  Buffer.alloc(8),
])
export const copyTrailer = Buffer.from([0xff, 0xff])

/** Writes rows of a binary COPY into one buffer, which is handed over and begun again when it is full. */
export function createRowWriter(bytesMax: number) {
  let buffer = Buffer.allocUnsafe(bytesMax)
  let length = 0
  return {
    /** Adds a row; returns false where there is no room for it: hand over, and add it again. */
    add: (columns: readonly Uint8Array[]): boolean => {
      const size = columns.reduce((all, column) => all + 4 + column.length, 2)
      if (length + size > bytesMax) return false
      length = buffer.writeInt16BE(columns.length, length)
      for (const column of columns) {
        length = buffer.writeInt32BE(column.length, length)
        buffer.set(column, length)
        length += column.length
      }
      return true
    },
    /** What was written since the last time. */
    take: (): Buffer => {
      const full = buffer.subarray(0, length)
      buffer = Buffer.allocUnsafe(bytesMax)
      length = 0
      return full
    },
  }
}
