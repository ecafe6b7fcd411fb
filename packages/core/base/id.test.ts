import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUuid, uuidFromHash, uuidv7 } from './id.ts'

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })

test('the example of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
  expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('a version 7 id is well-formed, and later ones sort after earlier ones', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
  fc.assert(
    fc.property(time, time, bytes(10), bytes(10), (a, b, x, y) => {
      const [first, second] = [uuidv7(a, x), uuidv7(b, y)]
      expect(isUuid(first)).toBe(true)
      expect(first[14]).toBe('7')
      if (a !== b) expect(first < second).toBe(a < b)
    }),
  )
})

test('a hash gives one id, for ever, and says that it is our own kind', () => {
  expect(uuidFromHash(new Uint8Array(32).fill(0xff))).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff')
  fc.assert(
    fc.property(bytes(32), (hash) => {
      expect(isUuid(uuidFromHash(hash))).toBe(true)
      expect(uuidFromHash(hash)).toBe(uuidFromHash(Uint8Array.from(hash)))
    }),
  )
})

test('an id is not made from too little chance', () => {
  expect(() => uuidv7(0, new Uint8Array(9))).toThrow('ten random bytes')
  expect(() => uuidv7(2 ** 48, new Uint8Array(10))).toThrow('48 bits')
  expect(() => uuidFromHash(new Uint8Array(15))).toThrow('16 bytes')
})

test.for([
  '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
  '017f22e279b07cc398c4dc0c0c07398f',
  '017f22e2-79b0-0cc3-98c4-dc0c0c07398f',
  '017f22e2-79b0-7cc3-78c4-dc0c0c07398f',
  ' 017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
  '',
])('%j is no id of ours', (text) => {
  expect(isUuid(text)).toBe(false)
})
