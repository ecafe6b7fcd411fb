import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import {
  copyDatabase,
  createDatabase,
  dropDatabase,
  withConnection,
  withDatabase,
} from '../databases.ts'

export type TestDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/** A database that is made once in a run, by whoever needs it first, and then only copied. */
export type Template = {
  readonly name: string
  /** Fills the empty database, and lets go of it. */
  readonly fill: (url: string) => Promise<void>
}

// Any two tests that look for a template wait for each other here. The number is ours alone.
const templateLock = 7_312_002

/**
 * A database that no other test has, on the server of this run: empty, or a copy of `template`. Drop it
 * when done.
 */
export async function createTestDatabase(template?: Template): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  if (template === undefined) await createDatabase(server, name)
  else {
    await ensureTemplate(server, template)
    await copyDatabase(server, { from: template.name, name })
  }
  return { url: withDatabase(server, name), drop: () => dropDatabase(server, name) }
}

function ensureTemplate(server: string, { name, fill }: Template): Promise<void> {
  return withConnection(server, async (sql) => {
    await sql`SELECT pg_advisory_lock(${templateLock})` // Until this connection ends.
    const [whole] = await sql`SELECT FROM pg_database WHERE datname = ${name} AND datistemplate`
    if (whole !== undefined) return
    await dropDatabase(server, name) // One whose filling failed.
    await createDatabase(server, name)
    await fill(withDatabase(server, name))
    // Nobody may be connected to what is copied.
    await sql`ALTER DATABASE ${sql(name)} IS_TEMPLATE true ALLOW_CONNECTIONS false`
  })
}
