import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { messages } from './message/messages.ts'
import { agreeVersion, protocolVersion, protocolVersionMin } from './version.ts'

// If this fails, a message changed. If an older peer cannot read it, raise the version. The shapes of
// facts are locked beside them (packages/facts/catalogue/wire-format.test.ts).
test('the messages are those of this protocol version', () => {
  const shapes = createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 12)
  expect({ protocolVersion, shapes }).toMatchInlineSnapshot(`
    {
      "protocolVersion": 2,
      "shapes": "219eebdc89e3",
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
