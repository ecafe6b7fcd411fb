import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

// Small files that a server must find again as it wrote them, whatever ends in between.

/**
 * Reads what was written as JSON; `undefined` if there is no such file. One that is there and cannot be read
 * throws: it must not be taken for one that was never written.
 */
export async function readJsonFile<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes JSON that only its own user may read: when this resolves, the disk has it in place of the old. */
export async function writeJsonFile(path: string, value: object): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  // The rename itself has to be on the disk too.
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
}
