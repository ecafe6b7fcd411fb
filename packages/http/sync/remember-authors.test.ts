import { expect, test } from 'vitest'
import type { Child } from './child.ts'
import { rememberAuthors } from './remember-authors.ts'

const child = { org: 'org', author: 's-1' } as unknown as Child

test('authors are looked up once in a moment, and a new one at once', async () => {
  let nowMs = 0
  let looks = 0
  const authors = new Set(['s-1', 't-1'])
  const mayBring = rememberAuthors({
    now: () => new Date(nowMs),
    authorsOf: async () => {
      looks += 1
      return new Set(authors)
    },
  })
  for (const author of ['s-1', 't-1', 't-1']) expect(await mayBring(child, author)).toBe(true)
  expect(looks).toBe(1)
  expect(await mayBring(child, 't-2')).toBe(false)
  authors.add('t-2')
  expect(await mayBring(child, 't-2')).toBe(true)
  authors.delete('t-1')
  nowMs += 2_001
  expect(await mayBring(child, 't-1')).toBe(false)
})
