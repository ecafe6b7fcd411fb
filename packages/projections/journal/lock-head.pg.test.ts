import { randomUUID } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { connect } from '../db.ts'
import { withTestDatabase } from '../testing/with-database.ts'
import { lockHead, lockOrg } from './stream-sql.ts'

// A server that sold while its database was restarted ended by itself: of the two statements that hold a
// head, one failed with nobody to hear it. Node ends a process for that; here it fails the run.
test('a database that goes away while a head waits for its lock is told once, to who waits', () =>
  withTestDatabase(async (holder, url) => {
    const org = randomUUID() as OrgId
    const db = connect(url, { max: 1 })
    const waiting = Promise.withResolvers<number>()
    await holder.begin(async (tx) => {
      await lockOrg(tx, org)
      const ended = db.begin(async (other) => {
        const [row] = await other<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
        waiting.resolve(row?.pid ?? 0)
        await lockHead(other, org, 's-1:1.0/business' as StreamId)
      })
      const told = expect(ended).rejects.toThrow()
      await tx`SELECT pg_terminate_backend(${await waiting.promise})`
      await told
    })
    expect([...(await db`SELECT 1 AS one`)]).toEqual([{ one: 1 }])
    await db.end()
    // Unhandled, it would be noticed a turn later.
    await new Promise((resolve) => setImmediate(resolve))
  }))
