import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findStarter } from '@tillkeeper/postgres/embedded/starter-lock.ts'
import { removePostgres } from '@tillkeeper/postgres/remove-postgres.ts'
import { endLeftProcesses } from './left-processes.ts'

// A chain's folder is ours if it says so. What does not say so is neither filled nor emptied.

const markName = 'tillkeeper-chain.json'

/** The process that runs the chain of `dataDir` now, if one does. */
export async function findRunner(dataDir: string): Promise<number | undefined> {
  return findStarter(join(dataDir, 'postgres'))
}

/**
 * Makes sure that `dataDir` may hold a chain: it is missing, empty, or already ours. Then marks it and
 * ends what a killed run left, so that its ports are free. Throws if it is somebody else's folder or
 * the chain runs.
 */
export async function claimChainFolder(dataDir: string): Promise<void> {
  await requireOurs(dataDir)
  await mkdir(dataDir, { recursive: true, mode: 0o755 })
  await markChainFolder(dataDir)
  await endLeftProcesses(dataDir)
}

/** Says in the folder that it is a chain's. */
export async function markChainFolder(dataDir: string): Promise<void> {
  await writeFile(join(dataDir, markName), '{"holds":"a tillkeeper chain"}\n')
}

/** Removes a chain with its database, wherever that lies. Throws if the folder is not ours. */
export async function removeChain(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  await requireOurs(dataDir)
  await endLeftProcesses(dataDir)
  await removePostgres(join(dataDir, 'postgres'))
  await rm(dataDir, { recursive: true, force: true })
}

async function requireOurs(dataDir: string): Promise<void> {
  const runner = await findRunner(dataDir)
  if (runner !== undefined) {
    throw new Error(`the chain in ${dataDir} is already running (process ${runner})`)
  }
  const names = existsSync(dataDir) ? await readdir(dataDir) : []
  if (names.length > 0 && !names.includes(markName)) {
    throw new Error(`${dataDir} is not empty and not a folder of Tillkeeper's: choose another`)
  }
}
