import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findStartMark } from '@tillkeeper/postgres/embedded/processes.ts'
import { endProcess } from './server-process.ts'

// A note of the servers that run, so that those which a killed run left are ended by the next. A
// process counts only if it is still the one that was noted: ids are used again.

type Noted = { readonly pid: number; readonly startedAt: string }

const noteName = 'processes.json'

/** Notes which servers run now. Called whenever that changes. */
export async function noteProcesses(dataDir: string, pids: readonly number[]): Promise<void> {
  const noted = pids.map((pid): Noted => ({ pid, startedAt: findStartMark(pid) ?? '' }))
  const file = join(dataDir, noteName)
  await writeFile(`${file}.new`, `${JSON.stringify(noted)}\n`)
  await rename(`${file}.new`, file)
}

/** Ends what a killed run left. Nobody else may run this chain at the moment. */
export async function endLeftProcesses(dataDir: string): Promise<number> {
  const file = join(dataDir, noteName)
  const text = await readFile(file, 'utf8').catch(() => '[]')
  const left = (JSON.parse(text) as Noted[]).filter(
    ({ pid, startedAt }) => startedAt !== '' && findStartMark(pid) === startedAt,
  )
  await Promise.all(left.map(({ pid }) => endProcess(pid)))
  await rm(file, { force: true })
  return left.length
}
