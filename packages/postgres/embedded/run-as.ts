import { type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

// PostgreSQL refuses to run as root. A process that is root therefore runs it as somebody with no
// rights of its own; a process that is not root runs it as itself.

/** Who runs the database. Undefined: the same as this process. */
export type RunAs = { readonly uid: number; readonly gid: number }

const passwdFile = '/etc/passwd'
/** In order of preference. A host that packages us has a user of our own; every Unix has nobody. */
const userNames = ['tillkeeper', 'nobody']

/**
 * Who the database has to run as: undefined for a process that is not root, and for root the user
 * `tillkeeper` or else `nobody`. The name must be in the user table, since initdb looks it up.
 */
export async function findRunAs(processUid = process.getuid?.()): Promise<RunAs | undefined> {
  if (processUid !== 0) return undefined
  const rows = (await readFile(passwdFile, 'utf8')).split('\n').map((row) => row.split(':'))
  for (const name of userNames) {
    const row = rows.find((fields) => fields[0] === name)
    const [, , uid, gid] = row ?? []
    if (uid !== undefined && gid !== undefined && Number(uid) > 0) {
      return { uid: Number(uid), gid: Number(gid) }
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and ${passwdFile} has no user named ${userNames.join(' or ')}`,
  )
}

/** Whether `runAs` may pass through `folder` and every folder above it, by their mode bits. */
export function canEnter(folder: string, runAs: RunAs): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (!hasBit(statSync(path), runAs, 0o1)) return false
    if (path === dirname(path)) return true
  }
}

/** Whether `runAs` may read and run `file`, wherever it lies. */
export function canRun(file: string, runAs: RunAs): boolean {
  const stats = statSync(file)
  return hasBit(stats, runAs, 0o1) && hasBit(stats, runAs, 0o4) && canEnter(dirname(file), runAs)
}

function hasBit(stats: Stats, { uid, gid }: RunAs, bit: number): boolean {
  if (stats.uid === uid) return (stats.mode & (bit << 6)) !== 0
  if (stats.gid === gid) return (stats.mode & (bit << 3)) !== 0
  return (stats.mode & bit) !== 0
}
