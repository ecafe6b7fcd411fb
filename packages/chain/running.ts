import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the servers of a chain that runs now are; what else it holds lies in its folder. */
export type RunningChain = {
  readonly cloudUrl: string
  readonly orgId: string
  /** Holds a secret, as the note that it is kept in. */
  readonly apiKey: string
  readonly stores: readonly {
    readonly name: string
    readonly url: string
    readonly shopId: string
  }[]
}

const noteName = 'running.json'

/** Leaves a note for other commands that want to talk to this chain. */
export async function noteRunning(dataDir: string, running: RunningChain): Promise<void> {
  const file = join(dataDir, noteName)
  await writeFile(`${file}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Takes the note away again: the chain stops. */
export async function forgetRunning(dataDir: string): Promise<void> {
  await rm(join(dataDir, noteName), { force: true })
}

/** The chain of `dataDir`, as it noted itself; undefined where none does, or it was killed since. */
export async function findRunning(dataDir: string): Promise<RunningChain | undefined> {
  const text = await readFile(join(dataDir, noteName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const running = JSON.parse(text) as RunningChain
  // A killed run leaves its note: only a server that answers counts.
  const reply = await fetch(`${running.cloudUrl}/livez`).catch(() => undefined)
  return reply?.ok === true ? running : undefined
}
