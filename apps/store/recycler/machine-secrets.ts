import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '@tillkeeper/http/files/durable-file.ts'

/**
 * What this server alone keeps of a machine, and no fact: how it logs in there, the certificate that it saw first,
 * and the session that it has with it, so that a server that died can end the one it left behind.
 */
export type MachineSecret = {
  readonly user?: string
  readonly password?: string
  /** Where user and password were entered for. */
  readonly loginHost?: string
  /** SHA-256 of the machine's certificate. */
  readonly fingerprint?: string
  readonly session?: string
}

export type MachineSecrets = {
  readonly of: (recyclerId: string) => MachineSecret
  /** Keeps what is said, with what was kept before; a field that is `undefined` is forgotten. On the disk when it resolves. */
  readonly keep: (
    recyclerId: string,
    change: { readonly [Field in keyof MachineSecret]: MachineSecret[Field] | undefined },
  ) => Promise<void>
}

/**
 * How this server logs in at the machine of that host; empty where nothing was entered for it. Whoever may say that a
 * machine is elsewhere does not have its password said there.
 */
export function loginAt(
  { user, password, loginHost }: MachineSecret,
  host: string | undefined,
): Pick<MachineSecret, 'user' | 'password'> {
  if (host === undefined || loginHost !== host) return {}
  return { ...(user !== undefined && { user }), ...(password !== undefined && { password }) }
}

const fileName = 'recyclers.json'

/**
 * Reads what is kept of machines, in a file beside the server's own keys that only its own user may read. Without
 * a folder it is kept until the process ends.
 */
export async function openMachineSecrets(dataDir: string | undefined): Promise<MachineSecrets> {
  const path = dataDir === undefined ? undefined : join(dataDir, fileName)
  const found =
    path === undefined ? undefined : await readJsonFile<Record<string, MachineSecret>>(path)
  const kept = new Map(Object.entries(found ?? {}))
  let written: Promise<void> = Promise.resolve()
  return {
    of: (recyclerId) => kept.get(recyclerId) ?? {},
    keep: (recyclerId, change) => {
      const next = Object.entries({ ...kept.get(recyclerId), ...change })
      kept.set(recyclerId, Object.fromEntries(next.filter(([, value]) => value !== undefined)))
      if (path === undefined) return Promise.resolve()
      // One after the other: the file that stands is always of the last word.
      const write = () => writeJsonFile(path, Object.fromEntries(kept))
      const done = written.then(write, write)
      written = done
      return done
    },
  }
}
