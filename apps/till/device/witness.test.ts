import { expect, test } from 'vitest'
import { findMissing, readWitness, type Witness, writeWitness } from './witness.ts'

const witness: Witness = {
  org: 'o',
  tillId: 't',
  author: 't-1',
  stream: 't-1:1.0/business',
  seq: 7,
  hash: 'ab'.repeat(32),
  ackedSeq: 5,
  unsent: 2,
  tillName: 'Front',
}

test('a witness is read as it was written, and other texts are none', () => {
  expect(readWitness(writeWitness(witness))).toEqual(witness)
  const bent = JSON.stringify({ ...witness, seq: '7' })
  for (const text of [null, '', 'no json', 'null', '[]', '{}', bent]) {
    expect(readWitness(text), String(text)).toBeUndefined()
  }
})

test.for([
  { what: 'all of it', held: [['t-1:1.0/business', 7]], missing: { is: 'nothing' } },
  { what: 'more', held: [['t-1:1.0/business', 8]], missing: { is: 'nothing' } },
  { what: 'less', held: [['t-1:1.0/business', 5]], missing: { is: 'tail', heldSeq: 5, witness } },
  { what: 'nothing', held: [], missing: { is: 'tail', heldSeq: 0, witness } },
  {
    what: 'another',
    held: [['t-1:2.0/business', 9]],
    missing: { is: 'tail', heldSeq: 0, witness },
  },
] as const)('a start that holds $what', ({ held, missing }) => {
  expect(findMissing(witness, new Map(held))).toEqual(missing)
})
test('a start without a witness misses nothing', () => {
  expect(findMissing(undefined, new Map())).toEqual({ is: 'nothing' })
})
