import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canEnter, canRun, findRunAs } from './run-as.ts'

const stranger = { uid: 64_321, gid: 64_321 }

test('a process that is not root runs the database as itself', async () => {
  expect(await findRunAs(1000)).toBeUndefined()
})

test('root runs the database as somebody else', async () => {
  const runAs = await findRunAs(0)
  expect(runAs?.uid).toBeGreaterThan(0)
})

test('a folder can be entered if every folder above it can', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-run-as-'))
  const inner = join(folder, 'inner')
  const file = join(inner, 'program')
  await mkdir(inner, { mode: 0o755 })
  await writeFile(file, '', { mode: 0o755 })
  await chmod(folder, 0o711)
  expect(canEnter(inner, stranger)).toBe(true)
  expect(canRun(file, stranger)).toBe(true)
  await chmod(file, 0o711)
  expect(canRun(file, stranger), 'not readable').toBe(false)
  await chmod(file, 0o755)
  await chmod(folder, 0o700)
  expect(canEnter(inner, stranger)).toBe(false)
  expect(canRun(file, stranger)).toBe(false)
  await rm(folder, { recursive: true })
})
