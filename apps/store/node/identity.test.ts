import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  beginRun,
  endRun,
  epochOf,
  findIdentity,
  type Identity,
  makeKey,
  writeIdentity,
} from './identity.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-node-'))
})
afterEach(() => rm(folder, { recursive: true }))

const made = (): Identity => ({
  org: 'o' as OrgId,
  shopId: 's' as ShopId,
  author: 's-s',
  epochMajor: 3,
  epochMinor: 0,
  pepper: Buffer.from('pepper'),
  nodeKey: makeKey(),
  tokenKey: makeKey(),
  cloudPublicKey: 'cloud',
})

test('who a server is comes back as it was written, and only its own user may read it', async () => {
  expect(await findIdentity(folder)).toBeUndefined()
  const identity = made()
  await writeIdentity(folder, identity)
  const found = await findIdentity(folder)
  expect({ ...found, nodeKey: 0, tokenKey: 0 }).toEqual({ ...identity, nodeKey: 0, tokenKey: 0 })
  expect(found?.nodeKey.equals(identity.nodeKey)).toBe(true)
  expect(found?.tokenKey.equals(identity.tokenKey)).toBe(true)
  expect((await stat(join(folder, 'node.json'))).mode & 0o777).toBe(0o600)
})

test('a clean stop goes on in its epoch; any other start begins a new one', async () => {
  await writeIdentity(folder, made())
  const start = async () => beginRun(folder, (await findIdentity(folder)) as Identity)
  const first = await start()
  expect(epochOf(first)).toBe('3.0')
  await endRun(folder, first)
  expect(epochOf(await start())).toBe('3.0')
  // Killed: nobody noted a stop.
  expect(epochOf(await start())).toBe('3.1')
  const again = await start()
  expect(epochOf(again)).toBe('3.2')
  await endRun(folder, again)
  expect(epochOf(await start())).toBe('3.2')
})

test('a file that is damaged is no server that was never enrolled', async () => {
  await writeFile(join(folder, 'node.json'), '{"org":')
  await expect(findIdentity(folder)).rejects.toThrow()
})
