import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// A copy of the source with one guard taken out. A sweep that finds nothing in it has no teeth.

export type Spoil = {
  readonly why: string
  readonly file: string
  /** Must be in the file exactly once: a guard that moved is not to be missed unseen. */
  readonly from: string
  readonly to: string
}

/** Sales without their transaction: every statement commits by itself. */
export const saleWithoutTransaction: readonly Spoil[] = [
  {
    why: 'a sale is made in one transaction',
    file: 'apps/store/sale/complete-sale.ts',
    from: 'await node.writeDb.begin(async (tx) => {',
    to: 'await (async (run: (tx: Tx) => Promise<{ outcomes: SaleOutcome[]; recorded: boolean }>) => run(node.writeDb as unknown as Tx))(async (tx) => {',
  },
]

const root = fileURLToPath(new URL('../../../', import.meta.url))
const copied = ['packages', 'apps', 'package.json']

/** Makes the copy in a temporary folder and spoils it. */
export async function spoilSource(
  spoils: readonly Spoil[],
): Promise<{ readonly sourceDir: string; readonly remove: () => Promise<void> }> {
  const sourceDir = await mkdtemp(join(tmpdir(), 'tillkeeper-spoilt-'))
  const remove = () => rm(sourceDir, { recursive: true, force: true })
  try {
    for (const name of copied) {
      await cp(join(root, name), join(sourceDir, name), {
        recursive: true,
        filter: (path) => !/\/(node_modules|out)$/.test(path),
      })
    }
    await linkPackages(sourceDir)
    for (const { file, from, to } of spoils) {
      const path = join(sourceDir, file)
      const text = await readFile(path, 'utf8')
      const found = text.split(from).length - 1
      if (found !== 1) throw new Error(`${file} has ${found} times what was to be spoilt: ${from}`)
      await writeFile(
        path,
        text.replace(from, () => to),
      )
    }
    return { sourceDir, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

// Our own packages are those of the copy; all others are the same.
async function linkPackages(sourceDir: string): Promise<void> {
  const from = join(root, 'node_modules')
  const to = join(sourceDir, 'node_modules')
  const ours = '@tillkeeper'
  await mkdir(join(to, ours), { recursive: true })
  for (const name of await readdir(from)) {
    if (name !== ours && !name.startsWith('.')) await symlink(join(from, name), join(to, name))
  }
  for (const folder of ['packages', 'apps']) {
    for (const name of await readdir(join(root, folder))) {
      const manifest = join(sourceDir, folder, name, 'package.json')
      const text = await readFile(manifest, 'utf8').catch(() => undefined)
      if (text === undefined) continue
      const { name: full } = JSON.parse(text) as { name: string }
      await symlink(dirname(manifest), join(to, full))
    }
  }
}
