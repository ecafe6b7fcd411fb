import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash } from '@tillkeeper/facts/seal/stream.ts'
import { connect, migrate } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { ensureStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import {
  chanceFrom,
  generateChain,
  generateTrade,
} from '@tillkeeper/projections/testing/trade.gen.ts'
import { expect, test } from 'vitest'
import { listParkedFacts, resolveFact, retryFacts } from './run-parked.ts'

const program = new URL('../parked.ts', import.meta.url).pathname

async function run(...args: readonly string[]): Promise<{ code: number; reply: unknown }> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, reply: JSON.parse(text) }
}

test('a parked fact of a shop is listed, tried and settled from the command line', async () => {
  const database = await createSharedDatabase()
  const db = connect(database.url, { max: 2 })
  try {
    await migrate(db)
    const chance = chanceFrom(5)
    const chain = generateChain(chance, { shops: 1, tills: 1 })
    const [day] = generateTrade(chance, chain, { days: 1, salesPerSession: 6 })
    const shop = day?.shopId as string
    const drafts = (day?.drafts ?? []).map((draft, index) =>
      index === 1 ? { ...draft, body: {} } : draft,
    )
    for (const epoch of ['1.9', '1.10']) {
      await ensureStream(db, chain.org, nodeAuthor(chain.org, `s-${shop}`, epoch).stream)
    }
    const till = nodeAuthor(chain.org, 't-1', '1.0')
    const prevHash = genesisHash(sha256, till.stream)
    const head = { stream: till.stream, seq: 0, hash: prevHash }
    const { sealed } = seal({ ...till, sha256 }, { head, hlc: hlcZero, nowMs: 1_000 }, drafts)
    await db.begin((tx) =>
      receiveFacts(tx, {
        ...{ org: chain.org, stream: till.stream, from: 1, prevHash },
        facts: sealed.map(({ bytes }) => bytes),
        recordedAt: '2026-03-09T10:00:00.000Z',
      }),
    )
    await projectPending(db, chain.org)

    const databases = [{ name: 'store', db }]
    const listed = await listParkedFacts(databases)
    expect(listed).toHaveLength(drafts.length - 1)
    const bad = listed[0]
    expect(bad).toMatchObject({ reason: 'bad_body', seq: 2, holdsBack: drafts.length - 2 })
    expect(await retryFacts(databases, { kind: 'all' })).toEqual([
      { database: 'store', applied: 0, parked: drafts.length - 1 },
    ])
    // The program itself, as a person runs it.
    const said = await run('list', '--json', '--database-url', database.url)
    expect(said).toMatchObject({ code: 1, reply: { parked: drafts.length - 1, incidents: [] } })
    const tried = await run(
      'retry',
      '--reason',
      'bad_body',
      '--json',
      '--database-url',
      database.url,
    )
    expect(tried).toMatchObject({ code: 1, reply: { applied: 0, parked: 1 } })

    const factId = bad?.factId as string
    const behind = { factId: listed[1]?.factId as string, note: 'x' }
    expect(await resolveFact(databases, behind)).toEqual({ ok: false, code: 'fact_waits_behind' })
    expect(await resolveFact(databases, { factId, note: 'Typed twice' })).toMatchObject({
      ...{ ok: true, database: 'store', released: drafts.length - 2 },
    })
    expect(await listParkedFacts(databases)).toEqual([])
    const none = await run('list', '--json', '--database-url', database.url)
    expect(none).toEqual({ code: 0, reply: { parked: 0, facts: [], incidents: [] } })
    // In the newest epoch, by number.
    expect(await db`SELECT stream FROM journal WHERE type = 'fact.resolved'`).toEqual([
      { stream: `s-${shop}:1.10/business` },
    ])
  } finally {
    await db.end()
    await database.drop()
  }
})
