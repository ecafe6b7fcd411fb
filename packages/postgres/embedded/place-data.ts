import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canEnter, type RunAs } from './run-as.ts'

// Where the database's files lie. Normally in the data folder itself. When the database runs as
// somebody who cannot enter that folder (root's home, a private clone), they lie in the shelter, and
// the data folder holds a pointer to them. Whoever copies a data folder with a pointer copies the
// pointer only; that is noticed, since the shelter says whose it is.

/** The place for data and binaries of databases that cannot lie in their own data folder. */
export const defaultShelterDir = '/var/lib/tillkeeper'

export type Place = {
  /** The data folder that was asked for; ours to keep small files in (real path). */
  readonly home: string
  /** PostgreSQL's own data directory (real path if it exists). */
  readonly cluster: string
  /** Where a copy of the binaries may lie. */
  readonly binariesDir: string
}

type Pointer = { readonly cluster: string }
type Owner = { readonly home: string }

const pointerName = 'database-location.json'
const ownerName = 'owner.json'

/** Finds the place of the database of `dataDir`, or decides it at the first start. */
export async function placeData(
  dataDir: string,
  runAs: RunAs | undefined,
  shelterDir = defaultShelterDir,
): Promise<Place> {
  await mkdir(dataDir, { recursive: true })
  const home = await realpath(dataDir)
  const local: Place = { home, cluster: join(home, 'cluster'), binariesDir: join(home, 'binaries') }

  const pointer = await readJson<Pointer>(join(home, pointerName))
  if (pointer !== undefined) {
    await claimShelter(dirname(pointer.cluster), home)
    return { home, cluster: pointer.cluster, binariesDir: join(shelterDir, 'binaries') }
  }
  if (runAs === undefined) return local
  if (canEnter(home, runAs)) return { ...local, binariesDir: join(shelterDir, 'binaries') }
  if (existsSync(local.cluster)) {
    throw new Error(
      `the database in ${local.cluster} runs as user ${runAs.uid}, who can no longer enter ` +
        'that folder: make its parent folders enterable (chmod o+x)',
    )
  }
  return createShelter(home, shelterDir)
}

async function createShelter(home: string, shelterDir: string): Promise<Place> {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const shelter = join(shelterDir, name)
  if (existsSync(join(shelter, 'cluster'))) {
    // Somebody removed the data folder and with it the pointer. They want to begin anew; what was
    // there is still kept once, aside, since a database is never thrown away by a start.
    await rm(`${shelter}.left`, { recursive: true, force: true })
    await rename(shelter, `${shelter}.left`)
  }
  await mkdir(shelter, { recursive: true })
  // A umask may have closed them; the database's user has to pass, though not to list.
  await chmod(shelterDir, 0o755)
  await chmod(shelter, 0o755)
  await claimShelter(shelter, home)
  const cluster = join(shelter, 'cluster')
  await writeJson(join(home, pointerName), { cluster } satisfies Pointer)
  return { home, cluster, binariesDir: join(shelterDir, 'binaries') }
}

// A data folder that was moved takes its database along; one that was copied must not share it.
async function claimShelter(shelter: string, home: string): Promise<void> {
  const file = join(shelter, ownerName)
  const owner = await readJson<Owner>(file)
  if (owner?.home === home) return
  if (owner !== undefined && existsSync(join(owner.home, pointerName))) {
    throw new Error(
      `the database in ${shelter} belongs to ${owner.home}; ${home} looks like a copy of that folder`,
    )
  }
  await mkdir(shelter, { recursive: true })
  await writeJson(file, { home } satisfies Owner)
}

/** Where the database of the data folder `home` lies, or would lie. */
export async function findCluster(home: string): Promise<string> {
  const pointer = await readJson<Pointer>(join(home, pointerName))
  return pointer?.cluster ?? join(home, 'cluster')
}

/** Removes the files of the database of `dataDir`, wherever it lies, and leaves other files there alone. */
export async function removeData(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const home = await realpath(dataDir)
  const pointer = await readJson<Pointer>(join(home, pointerName))
  if (pointer !== undefined) {
    const shelter = dirname(pointer.cluster)
    const owner = await readJson<Owner>(join(shelter, ownerName))
    // Only what says that it is ours is removed.
    if (owner?.home === home) await rm(shelter, { recursive: true, force: true })
  }
  for (const name of [
    'cluster',
    'binaries',
    'password',
    'start.log',
    'starter.json',
    pointerName,
  ]) {
    await rm(join(home, name), { recursive: true, force: true })
  }
}

/** Gives `path` to the database's user, so that only that user reads it. */
export async function giveTo(path: string, runAs: RunAs | undefined): Promise<void> {
  if (runAs !== undefined) await chown(path, runAs.uid, runAs.gid)
}

export async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

/** Writes a small file whole or not at all. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}
