import 'fake-indexeddb/auto'
import { authorStreamId, genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { hashBytes } from '../app/node.ts'
import { openTillDb } from './database.ts'
import { openOutbox } from './outbox.ts'

const stream = authorStreamId('t-1', '1.0', 'business')

test('word of the cloud that comes while an acknowledgement is written does not take it back', async () => {
  const db = await openTillDb('outbox', () => undefined)
  const hash = genesisHash(hashBytes, stream)
  const journal = { heads: () => [{ stream, seq: 3, hash }] }
  const outbox = await openOutbox({ db, journal, sha256: hashBytes })
  await outbox.noteAcks([{ stream, seq: 2, hash, cloudSeq: 2 }])
  expect(outbox.sent()).toEqual({ unsent: 1, notInCloud: 1 })

  const acked = outbox.noteAcks([{ stream, seq: 3, hash, cloudSeq: 2 }])
  const cloud = outbox.noteCloud([{ stream, seq: 3 }])
  await Promise.all([acked, cloud])

  expect(outbox.sent()).toEqual({ unsent: 0, notInCloud: 0 })
  expect(await db.getAll('ack')).toEqual([{ stream, ackedSeq: 3, cloudSeq: 3 }])
  db.close()
})
