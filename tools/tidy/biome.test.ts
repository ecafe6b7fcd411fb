import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The linter's rules that we lean on, each proven on a planted fault with our own settings.

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-biome-'))
  await cp(join(root, 'biome.json'), join(folder, 'biome.json'))
  spawnSync('git', ['init', '-q'], { cwd: folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function lint(): string {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'check', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout + stderr
}

const long = `export function long(): number {\n  let a = 0\n${'  a += 1\n'.repeat(70)}  return a\n}\n`

test.for([
  ['noImportCycles', `import { b } from './b.ts'\n\nexport const a = () => b\n`],
  [
    'noFloatingPromises',
    'export async function save(): Promise<void> {}\n\nexport function run(): void {\n  save()\n}\n',
  ],
  ['noBarrelFile', `export * from './b.ts'\n`],
  ['noExcessiveLinesPerFunction', long],
  ['noExplicitAny', 'export const a = (b: any) => b\n'],
] as const)('biome: %s fires on a planted fault, and only there', async ([rule, text]) => {
  await writeFile(join(folder, 'b.ts'), `import { a } from './a.ts'\n\nexport const b = () => a\n`)
  await writeFile(join(folder, 'a.ts'), 'export const a = 1\n')
  expect(lint()).not.toContain(rule)

  await writeFile(join(folder, 'a.ts'), text)
  expect(lint()).toContain(rule)
})
