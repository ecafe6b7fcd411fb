import { createHash } from 'node:crypto'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { Envelope } from '@tillkeeper/facts/read-fact.ts'
import { expect, test } from 'vitest'
import { messages } from './message/messages.ts'
import { agreeVersion, protocolVersion, protocolVersionMin } from './version.ts'

// If this fails, a fact or a message changed. If an older peer cannot read it, raise the version.
test('the facts and messages are those of this protocol version', () => {
  const bodies = Object.entries(catalogue).map(([type, { v, body }]) => ({ type, v, body }))
  const hash = (shape: unknown) =>
    createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 12)
  expect({
    protocolVersion,
    messages: hash(messages),
    facts: hash({ Envelope, bodies }),
  }).toMatchInlineSnapshot(`
    {
      "facts": "7881113a4ca1",
      "messages": "cc8e5b88568e",
      "protocolVersion": 1,
    }
  `)
})

test.for([
  { theirs: [1, 1], agreed: 1 },
  { theirs: [1, 9], agreed: protocolVersion },
  { theirs: [protocolVersion + 1, protocolVersion + 2], agreed: undefined },
] as const)('a peer that speaks $theirs is spoken to in $agreed', ({ theirs, agreed }) => {
  expect(agreeVersion(theirs)).toBe(agreed)
})

test('the oldest version spoken is not newer than the newest', () => {
  expect(protocolVersionMin).toBeLessThanOrEqual(protocolVersion)
})
