import type { TillDb } from './database.ts'

/** More than a sale of many lines takes with its receipt, the book and their indexes. */
const roomBytes = 65_536
const probeName = 'probe'

/**
 * Whether the browser still writes what a sale needs, found out by writing as much. It is asked before
 * money is taken: a disk that fills up must refuse the sale, and not the receipt of one that was paid.
 * What a browser estimates is no answer, since it counts a quota and not the disk.
 */
export async function hasRoom(db: TillDb): Promise<boolean> {
  try {
    // Bytes that cannot be packed.
    const bytes = crypto.getRandomValues(new Uint8Array(roomBytes))
    const writing = db.transaction('kept', 'readwrite', { durability: 'strict' })
    await Promise.all([writing.store.put(bytes, probeName), writing.done])
    await db.delete('kept', probeName)
    return true
  } catch {
    return false // The quota, or the disk: either way nothing more is kept.
  }
}
