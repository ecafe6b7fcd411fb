import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson } from './place-data.ts'
import { findStartMark } from './processes.ts'

// One process at a time starts and stops the database of a data folder. The note of one that was
// killed does not count: its process is gone.

type Starter = { readonly pid: number; readonly startedAt: string }

const attemptsMax = 3
const noteName = 'starter.json'

/** Takes the data folder `home` for this process, or throws with the id of the one that has it. */
export async function takeStarterLock(home: string): Promise<void> {
  const file = join(home, noteName)
  const mine: Starter = { pid: process.pid, startedAt: findStartMark(process.pid) ?? '' }
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      await writeFile(file, `${JSON.stringify(mine)}\n`, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await findStarter(home)
    if (holder !== undefined) throw new Error(`the data in ${home} is in use by process ${holder}`)
    await rm(file, { force: true })
  }
  throw new Error(`the data in ${home} is being taken by another process`)
}

/** The process that has the data folder `home` now, if it still runs. */
export async function findStarter(home: string): Promise<number | undefined> {
  const file = join(home, noteName)
  const holder = await readJson<Starter>(file).catch(() => undefined) // Cut off while written.
  if (holder === undefined || findStartMark(holder.pid) !== holder.startedAt) return undefined
  return holder.pid
}

export async function releaseStarterLock(home: string): Promise<void> {
  await rm(join(home, noteName), { force: true })
}
