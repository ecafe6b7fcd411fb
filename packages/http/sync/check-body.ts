import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db, Reader } from '@tillkeeper/projections/db.ts'
import { noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { readJsonFile, writeJsonFile } from '../files/durable-file.ts'

// Whether the body under this server is the one that it stopped on: the database cluster, the machine,
// and a mark that is in the database and in a file beside it. A restored database has an older mark, a
// copy on another machine another machine's name. A copy of everything is not seen here: the rolling
// token finds it at the parent.

/** How often the mark is made anew while the server runs: a backup older than this is seen. */
export const markEveryMs = 600_000

const fileName = 'body.json'
const machineIdPath = '/etc/machine-id'

/** `body.json`: outside the database, so that it does not go back with it. */
type BodyFile = {
  readonly system: string
  readonly machine: string
  readonly mark: string
  /** Written before the database has it: of a power cut in between, either is right. */
  readonly next?: string
}

/** What a part of the body is: an empty text where it cannot be known. */
export type Body = { readonly system: string; readonly machine: string }

export type Suspicion = 'database' | 'machine' | 'mark'

/** Compares the body with what was noted at the last start; the first start has nothing to compare. */
export async function checkBody(
  db: Db,
  org: OrgId,
  dataDir: string,
): Promise<readonly Suspicion[]> {
  const file = await readJsonFile<BodyFile>(join(dataDir, fileName))
  const mark = await readMark(db, org)
  if (file === undefined) return mark === undefined ? [] : ['mark']
  const body = await readBody(db)
  const differs = (now: string, then: string) => now !== '' && then !== '' && now !== then
  return [
    ...(differs(body.system, file.system) ? (['database'] as const) : []),
    ...(differs(body.machine, file.machine) ? (['machine'] as const) : []),
    ...(mark === file.mark || (mark !== undefined && mark === file.next)
      ? []
      : (['mark'] as const)),
  ]
}

/** Makes the mark anew, in the file and then in the database, and notes the body as it is now. */
export async function rollMark(
  db: Db,
  org: OrgId,
  { dataDir, now }: { readonly dataDir: string; readonly now: () => Date },
): Promise<void> {
  const body = await readBody(db)
  const path = join(dataDir, fileName)
  const before = (await readMark(db, org)) ?? ''
  const mark = randomUUID()
  await writeJsonFile(path, { ...body, mark: before, next: mark } satisfies BodyFile)
  await db`
    INSERT INTO body_mark (org_id, mark, at) VALUES (${org}, ${mark}, ${now().toISOString()})
    ON CONFLICT (org_id) DO UPDATE SET mark = excluded.mark, at = excluded.at
  `
  await writeJsonFile(path, { ...body, mark } satisfies BodyFile)
}

/** Notes that the body is in doubt, for people: the server sells on in an epoch made by chance. */
export async function noteBody(
  db: Reader,
  org: OrgId,
  {
    node,
    why,
    at,
  }: { readonly node: string; readonly why: readonly Suspicion[]; readonly at: string },
): Promise<void> {
  await noteIncident(db, org, { kind: 'body_changed', node, at, detail: { why: why.join(', ') } })
}

async function readMark(sql: Reader, org: OrgId): Promise<string | undefined> {
  const [row] = await sql<{ mark: string }[]>`SELECT mark FROM body_mark WHERE org_id = ${org}`
  return row?.mark
}

async function readBody(db: Db): Promise<Body> {
  const [row] = await db<{ system: string }[]>`
    SELECT system_identifier::text AS system FROM pg_control_system()
  `.catch(() => []) // A server of somebody else's may not tell: then it is not compared.
  return { system: row?.system ?? '', machine: await readMachine() }
}

async function readMachine(): Promise<string> {
  try {
    return (await readFile(machineIdPath, 'utf8')).trim()
  } catch {
    return '' // Not every system has one.
  }
}
