import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashesMax } from '../message/messages.ts'
import { findFork, roundsMax } from './find-fork.ts'

/** Two histories that are the same up to `common`, and how often one asked the other. */
async function search(common: number, ours: number, theirs: number) {
  let rounds = 0
  const found = await findFork(ours, {
    hashAt: async (seq) => (seq <= common ? `same ${seq}` : `ours ${seq}`),
    ask: async (seqs) => {
      rounds += 1
      expect(seqs.length).toBeGreaterThan(0)
      expect(seqs.length).toBeLessThanOrEqual(hashesMax)
      const held = seqs.filter((seq) => seq >= 1 && seq <= theirs)
      return new Map(held.map((seq) => [seq, seq <= common ? `same ${seq}` : `theirs ${seq}`]))
    },
  })
  return { found, rounds }
}

test.for([
  { common: 0, ours: 1, theirs: 1 },
  { common: 1, ours: 1, theirs: 1 },
  { common: 63, ours: 64, theirs: 64 },
  { common: 64, ours: 64, theirs: 65 },
  { common: 64, ours: 65, theirs: 64 },
  { common: 0, ours: 5_000, theirs: 0 },
  { common: 4_999, ours: 5_000, theirs: 9_000 },
])('$common of $ours and $theirs are common', async ({ common, ours, theirs }) => {
  expect((await search(common, ours, theirs)).found).toBe(common)
})

test('any two histories part where they part, found in few rounds', async () => {
  const histories = fc
    .tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat())
    .map(([a, b, c]) => ({
      common: Math.min(a, b, c),
      ours: Math.max(a, b),
      theirs: Math.max(b, c),
    }))
  const small = fc
    .tuple(fc.nat(200), fc.nat(200), fc.nat(200))
    .map(([common, more, most]) => ({ common, ours: common + more, theirs: common + most }))
  await fc.assert(
    fc.asyncProperty(fc.oneof(histories, small), async ({ common, ours, theirs }) => {
      const { found, rounds } = await search(common, ours, theirs)
      expect(found).toBe(common)
      expect(rounds).toBeLessThanOrEqual(roundsMax)
    }),
  )
})

test('a parent that cannot be asked now leaves it open', async () => {
  const asked = { hashAt: async () => 'x', ask: async () => undefined }
  expect(await findFork(10, asked)).toBeUndefined()
  expect(await findFork(0, asked), 'nothing is in question').toBe(0)
})
