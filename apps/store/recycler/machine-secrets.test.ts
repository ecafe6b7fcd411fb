import { expect, test } from 'vitest'
import { loginAt, openMachineSecrets } from './machine-secrets.ts'

const kept = { user: 'us', password: 'long', loginHost: '10.0.0.9', fingerprint: 'ab' }

test.each([
  ['where it was entered for', '10.0.0.9', { user: 'us', password: 'long' }],
  ['at another host', '10.0.0.8', {}],
  ['at no host', undefined, {}],
])('a login is said %s', (_, host, login) => {
  expect(loginAt(kept, host)).toEqual(login)
})

test('what was entered for no host yet is said nowhere', () => {
  expect(loginAt({ user: 'us', password: 'long' }, undefined)).toEqual({})
  expect(loginAt({ user: 'us', password: 'long' }, '10.0.0.9')).toEqual({})
})

test('a field that is said to be undefined is forgotten, the others stay', async () => {
  const secrets = await openMachineSecrets(undefined)
  await secrets.keep('m', kept)
  await secrets.keep('m', { fingerprint: undefined })
  expect(secrets.of('m')).toEqual({ user: 'us', password: 'long', loginHost: '10.0.0.9' })
})
