import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { isPoke, type Poke } from '@tillkeeper/sync/message/messages.ts'
import { expect, test } from 'vitest'
import { createPokeHub } from './poke-hub.ts'

const org = 'a' as OrgId
const feed = { stream: 'feed/org@1' as StreamId, seq: 3 }

function joined(over: { org?: OrgId; scopes?: readonly string[]; author?: string } = {}) {
  const hub = createPokeHub()
  const heard: Poke[] = []
  const line = { org, scopes: new Set(over.scopes ?? ['org']), author: over.author ?? 't-1' }
  const leave = hub.join({
    ...line,
    ...over,
    scopes: line.scopes,
    send: (poke) => heard.push(poke),
  })
  return { hub, heard, leave }
}

test('a feed that grew is told to who may hold it, and to nobody else', () => {
  const rows = [
    { who: {}, count: 1 },
    { who: { org: 'b' as OrgId }, count: 0 },
    { who: { scopes: ['credentials'] }, count: 0 },
  ]
  for (const { who, count } of rows) {
    const { hub, heard } = joined(who)
    hub.feedGrew(org, feed)
    expect(heard).toHaveLength(count)
  }
})

test('a child hears what the cloud has of its own streams, as the message says it', () => {
  const { hub, heard } = joined()
  // An acknowledgement says more than a poke does; none of that goes out.
  const acks = ['t-1', 't-10', 't-2'].map((author) => ({
    ...{ stream: `${author}:1.0/business` as StreamId, seq: 7, hash: new Uint8Array(32) },
  }))
  hub.cloudHas('b' as OrgId, acks)
  hub.cloudHas(org, acks)
  expect(heard).toEqual([{ feeds: [], cloud: [{ stream: 't-1:1.0/business', seq: 7 }] }])
  expect(heard.every(isPoke)).toBe(true)
})

test('who left hears nothing more', () => {
  const { hub, heard, leave } = joined()
  leave()
  hub.feedGrew(org, feed)
  expect({ heard, lines: hub.lines() }).toEqual({ heard: [], lines: 0 })
})
