import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import type { MendWire } from '@tillkeeper/sync/link/ports.ts'
import { expect, test } from 'vitest'
import type { Witness } from '../device/witness.ts'
import { findLost } from './find-lost.ts'

const hashAt = (seq: number, branch = '0') => branch.repeat(56) + String(seq).padStart(8, '0')
const witness: Witness = {
  ...{ org: 'o', tillId: 't', author: 't-1', stream: 't-1:1.0/business', tillName: 'Front' },
  ...{ seq: 900, hash: hashAt(900), ackedSeq: 880, unsent: 20 },
}

/** A store server that holds so many facts of the stream. */
function holding(held: number, branch = '0'): Pick<MendWire, 'hashes'> {
  return {
    hashes: async ({ stream, seqs }) =>
      accepted({
        stream,
        hashes: seqs
          .filter((seq) => seq <= held)
          .map((seq) => ({ seq, hash: hashAt(seq, branch) })),
      }),
  }
}

test.for([
  { what: 'all', theirs: 900, held: 0, gone: 'none' },
  { what: 'more than we knew', theirs: 950, held: 0, gone: 'none' },
  { what: 'what was acknowledged', theirs: 880, held: 0, gone: { after: 880, upTo: 900 } },
  { what: 'what we still hold too', theirs: 880, held: 890, gone: { after: 890, upTo: 900 } },
  { what: 'nothing', theirs: 0, held: 0, gone: { after: 0, upTo: 900 } },
] as const)('a store server that has $what', async ({ theirs, held, gone }) => {
  expect(await findLost(holding(theirs), { witness, heldSeq: held })).toEqual(gone)
})

test('where another branch went on, what was not acknowledged is gone', async () => {
  const lost = await findLost(holding(900, 'f'), { witness, heldSeq: 0 })
  expect(lost).toEqual({ after: 880, upTo: 900 })
})

test('a store server that cannot be asked leaves it open', async () => {
  const away = { hashes: async () => refused({ code: 'unreachable' as const }) }
  expect(await findLost(away, { witness, heldSeq: 0 })).toBe('unknown')
})
