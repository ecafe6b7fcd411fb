import { hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import {
  chanceFrom,
  generateChain,
  generateTrade,
} from '@tillkeeper/projections/testing/trade.gen.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { expect, test } from 'vitest'
import { mouldOf } from './fact-mould.ts'
import { withThrowAwayJournal } from './throw-away-journal.ts'

test('what comes out of a mould is what sealing gives', () => {
  const chance = chanceFrom(61)
  const chain = generateChain(chance, { shops: 1, tills: 1 })
  const [session] = generateTrade(chance, chain, { days: 1, salesPerSession: 20 })
  const drafts = session?.drafts ?? []
  const author = nodeAuthor(chain.org, 't-1', '1.0')
  const head = { stream: author.stream, seq: 0, hash: genesisHash(sha256, author.stream) }
  const { sealed } = seal({ ...author, sha256 }, { head, hlc: hlcZero, nowMs: 1_000 }, drafts)
  let hlc = hlcZero
  for (const [index, draft] of drafts.entries()) {
    hlc = nextHlc(hlc, 1_000)
    const cast = mouldOf(
      chain.org,
      '1.0',
      draft,
    )({ id: draft.id, author: 't-1', hlc, seq: index + 1 })
    expect(Buffer.from(cast)).toEqual(Buffer.from(sealed[index]?.bytes ?? []))
  }
})

test('a throw-away journal has as many facts as asked, and one wrong byte is found in it', async () => {
  const count = 5_003
  await withThrowAwayJournal(
    count,
    () => undefined,
    async (db) => {
      expect(await verifyJournal(db)).toEqual({
        chain: 'ok',
        facts: count,
        streams: 20,
        faults: [],
      })
      const [row] = await db<{ stream: string; seq: number }[]>`
        UPDATE journal
        SET bytes = set_byte(bytes, 100, get_byte(bytes, 100) # 1)
        WHERE (stream, seq) = (SELECT stream, seq FROM journal ORDER BY id OFFSET 2500 LIMIT 1)
        RETURNING stream, seq
      `
      const { chain, faults } = await verifyJournal(db)
      expect(chain).toBe('broken')
      expect(faults[0]).toMatchObject({ ...row, fault: 'hash_differs' })
    },
  )
}, 120_000)
