import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { repairPackages } from './repair-packages.mjs'

let root = ''
let patches = ''
const source = ['one', 'two', 'three', 'four', ''].join('\n')
const patch = `--- src/a.js
+++ src/a.js
@@ -1,3 +1,4 @@
 one
-two
+2
+2.5
 three
`

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tillkeeper-repair-'))
  patches = join(root, 'patches')
  await mkdir(patches)
  await mkdir(join(root, 'node_modules/whole/src'), { recursive: true })
  await writeFile(join(root, 'node_modules/whole/package.json'), '{"version":"1.2.3"}')
  await writeFile(join(root, 'node_modules/whole/src/a.js'), source)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const repaired = () => readFile(join(root, 'node_modules/whole/src/a.js'), 'utf8')

test('a repair is applied once, however often it is asked for', async () => {
  await writeFile(join(patches, 'whole-1.2.3.patch'), patch)
  repairPackages(root, patches)
  repairPackages(root, patches)
  expect(await repaired()).toBe(['one', '2', '2.5', 'three', 'four', ''].join('\n'))
})

test('a repair for another version, or of lines that are not there, stops by name', async () => {
  await writeFile(join(patches, 'whole-1.2.4.patch'), patch)
  expect(() => repairPackages(root, patches)).toThrow('1.2.3 is installed')
  await rm(join(patches, 'whole-1.2.4.patch'))
  await writeFile(join(patches, 'whole-1.2.3.patch'), patch.replace('-two', '-twelve'))
  expect(() => repairPackages(root, patches)).toThrow('does not fit')
  expect(await repaired()).toBe(source)
})
