import type { TillNode } from '../app/node.ts'

/** A fact that only this device has. */
export type UnsentFact = {
  readonly id: string
  readonly type: string
  readonly sealedMs: number
}

/** Facts that are listed at once; the count beside them is always whole. */
export const unsentMax = 200

/** The facts that the store server has not acknowledged, oldest first. */
export async function listUnsent({
  db,
  journal,
  outbox,
}: Pick<TillNode, 'db' | 'journal' | 'outbox'>): Promise<readonly UnsentFact[]> {
  const lists = await Promise.all(
    journal.heads().map(({ stream, seq }) => {
      const after = outbox.acks().get(stream)?.ackedSeq ?? 0
      if (after >= seq) return []
      const range = IDBKeyRange.bound([stream, after + 1], [stream, seq])
      return db.getAll('fact', range, unsentMax)
    }),
  )
  return lists
    .flat()
    .sort((a, b) => a.sealedMs - b.sealedMs)
    .slice(0, unsentMax)
    .map(({ id, type, sealedMs }) => ({ id, type, sealedMs }))
}
