import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import { createReadAhead } from './read-ahead.ts'
import type { ReadPart } from './read-part.ts'

const org = 'one' as OrgId
const stream = 't-one:1.0/business' as StreamId

/** Positions `from` to `last`, ten bytes each. */
function part(from: number, last: number, changes: Partial<ReadPart> = {}): ReadPart {
  const seqs = Array.from({ length: last - from + 1 }, (_, index) => from + index)
  return {
    ...{ org, stream, from },
    facts: seqs.map(() => new Uint8Array(10)),
    hashes: seqs.map((seq) => Uint8Array.of(seq)),
    read: seqs.map((seq) => ({ kind: 'known', fact: { seq } })),
    ...changes,
  } as unknown as ReadPart
}

test('parts that follow each other are one run, of which what is done is forgotten', () => {
  const readAhead = createReadAhead()
  readAhead.keep(part(1, 4), 4)
  readAhead.keep(part(3, 8), 4)
  const run = readAhead.find(org, stream, 2)
  expect(run).toMatchObject({ stream, first: 1, last: 8, hash: Uint8Array.of(8) })
  for (let seq = 1; seq <= 8; seq += 1) expect(run?.at(seq)).toMatchObject({ fact: { seq } })
  expect(() => run?.at(9)).toThrow('a run has a fact')
  expect(readAhead.find(org, stream, 4)).toMatchObject({ first: 5, last: 8 })
  expect(readAhead.find(org, stream, 8)).toBeUndefined()
  expect(readAhead.find('another' as OrgId, stream, 0)).toBeUndefined()
})

test('a part that nothing was new of, or that does not follow, is not kept', () => {
  const readAhead = createReadAhead()
  readAhead.keep(part(1, 4), 0)
  expect(readAhead.find(org, stream, 0)).toBeUndefined()
  readAhead.keep(part(1, 4), 4)
  readAhead.keep(part(6, 8), 3)
  expect(readAhead.find(org, stream, 0)).toMatchObject({ first: 1, last: 4 })
})

test('the oldest stay where there is no room, and room comes again when they are done', () => {
  const readAhead = createReadAhead(60)
  readAhead.keep(part(1, 4), 4)
  readAhead.keep(part(5, 8), 4)
  const another = 'another' as OrgId
  readAhead.keep(part(1, 2, { org: another }), 2)
  expect(readAhead.find(org, stream, 0)).toMatchObject({ last: 4 })
  expect(readAhead.find(org, stream, 4)).toBeUndefined()
  readAhead.keep(part(9, 12), 4)
  expect(readAhead.find(org, stream, 4)).toMatchObject({ first: 9, last: 12 })
  readAhead.forget(another)
  readAhead.forget(another)
  readAhead.keep(part(13, 14), 2)
  readAhead.keep(part(15, 15), 1)
  expect(readAhead.find(org, stream, 4)).toMatchObject({ first: 9, last: 14 })
})
