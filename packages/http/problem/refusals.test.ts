import { expect, test } from 'vitest'
import { refusals } from './refusals.ts'
import { refusalsPage } from './refusals-page.ts'

test('the page of refusals lists those that there are', async () => {
  await expect(refusalsPage()).toMatchFileSnapshot('../../../docs/api/refusals.md')
})

test('codes are words, and every status is one of a refusal', () => {
  for (const [code, { status, title }] of Object.entries(refusals)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[A-Z].*\.$/)
  }
})
