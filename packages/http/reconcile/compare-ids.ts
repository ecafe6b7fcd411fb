import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { listIdsTwice } from '@tillkeeper/projections/reconcile/journal-digest-sql.ts'
import { noteFound } from '@tillkeeper/projections/reconcile/report-sql.ts'
import type { ReconcileDeps, Run } from './run.ts'

const rowsAtOnce = 500

/**
 * Finds facts of one id that say different things. Both are kept and the first one counts; which of them
 * is true is for a person. A fact that was sealed again says the same, and is none of them.
 */
export async function compareIds(
  { db, org, node, now, pause }: ReconcileDeps,
  run: Run,
): Promise<void> {
  let after: { readonly stream: StreamId; readonly seq: number } | undefined
  for (;;) {
    await pause()
    const rows = await listIdsTwice(db, org, {
      limit: rowsAtOnce,
      ...(after === undefined ? {} : { after }),
    })
    for (const { stream, seq, id, bytes, firstBytes } of rows) {
      after = { stream, seq }
      if (bodyOf(bytes) === bodyOf(firstBytes)) continue
      const place = `${stream} ${seq}`
      const detail = `another fact has the id ${id}`
      run.findings.push({ level: 'L1', what: 'id_twice', place, outcome: 'unresolved', detail })
      const about = { kind: 'digest_mismatch', node, stream, at: now().toISOString() } as const
      await noteFound(db, org, {
        ...about,
        mended: false,
        detail: { place, id, found: 'id_twice' },
      })
    }
    if (rows.length < rowsAtOnce) return
  }
}

function bodyOf(bytes: Uint8Array): string {
  try {
    const { body } = JSON.parse(Buffer.from(bytes).toString()) as { readonly body?: unknown }
    return canonicalJson(body ?? null)
  } catch {
    return Buffer.from(bytes).toString('hex') // No fact: level 1 tells of it.
  }
}
