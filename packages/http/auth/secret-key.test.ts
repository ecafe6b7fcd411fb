import { expect, test } from 'vitest'
import { hashSecretKey, makeSecretKey, secretKindOf } from './secret-key.ts'

const id = '01a1f753-6480-7285-a6d0-65ce56c571f5'

test('a key names its kind and the end of its id, and no two are the same', () => {
  const keys = Array.from({ length: 200 }, () => makeSecretKey('live', id))
  expect(new Set(keys).size).toBe(200)
  for (const key of keys) {
    expect(key).toMatch(/^tk_live_56c571f5_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/)
    expect(secretKindOf(key)).toBe('live')
    expect(hashSecretKey(key)).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(secretKindOf(makeSecretKey('till', id))).toBe('till')
  expect(secretKindOf(makeSecretKey('admin', 'admin'))).toBe('admin')
})

test('a key with one character mistyped, two swapped, or any other text is none', () => {
  const key = makeSecretKey('live', id)
  for (let at = 0; at < key.length; at += 1) {
    const other = key[at] === 'x' ? 'y' : 'x'
    expect(secretKindOf(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined()
    const [a, b] = [key[at], key[at + 1]]
    if (b === undefined || a === b) continue
    expect(secretKindOf(key.slice(0, at) + b + a + key.slice(at + 2))).toBeUndefined()
  }
  for (const text of ['', 'tk_live_', `${key}\n`, ` ${key}`, `${key}0`, 'tk_root_00000000_x_y']) {
    expect(secretKindOf(text)).toBeUndefined()
  }
})
