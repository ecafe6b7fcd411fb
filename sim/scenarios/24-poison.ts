import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { sayAtStore, sayAtTill } from '../actors/say.ts'
import { tradeDay } from '../actors/trade.ts'
import { drawerOf, foldBooks } from '../checkers/books.ts'
import { actsOn } from '../checkers/copies.ts'
import { deliver, projectAll } from '../postgres/deliver.ts'
import type { Scenario } from './scenario.ts'

export const poison: Scenario = {
  number: 24,
  name: 'a fact that no program can project',
  recipe:
    'in the middle of a session a till seals a cash movement without a body; the real tables are made of it all on PostgreSQL',
  mustHold:
    'its session waits behind it in order and nothing else does; a person settles it, and every session is what its acts come to',
  play: async ({ open, rest, hold, database }) => {
    const fleet = await open()
    const { world, shops, cloud } = fleet
    const [shop] = shops
    const till = shop?.tills[0]
    if (shop === undefined || till === undefined) return hold(false, 'there is a till')
    let poisoned: string | undefined
    let session = ''
    world.time.after(200_000, () => {
      session = till.node()?.state.getState().book.session?.id ?? ''
      const said = { type: 'cash.moved', body: {}, keys: [`session:${session}`] }
      void sayAtTill(till, said).then((id) => {
        poisoned = id
      })
    })
    await tradeDay(fleet)
    await rest(fleet)
    hold(poisoned !== undefined && session !== '', 'a poisoned fact was sealed')
    if (poisoned === undefined) return

    const db = await database()
    const org = fleet.org as OrgId
    await deliver(db, org, cloud)
    await projectAll(db, org)
    const books = foldBooks(actsOn(cloud.disk)).sessions
    const before = await readDrawers(db)
    const parked = await db<{ reason: string; facts: number }[]>`
      SELECT reason, count(*)::int AS facts FROM parked GROUP BY reason ORDER BY reason
    `
    const reasons = new Map(parked.map(({ reason, facts }) => [reason, facts]))
    hold(reasons.get('bad_body') === 1, 'one fact is parked for what it is')
    hold((reasons.get('behind') ?? 0) > 0, 'what came later in its session waits')
    hold(reasons.size === 2, 'and nothing is parked for another reason')
    for (const [id, book] of books) {
      if (id === session) continue
      hold(before.get(id) === drawerOf(book), `session ${id} is not held up`)
    }

    void sayAtStore(shop.store, {
      type: 'fact.resolved',
      keys: [`fact:${poisoned}`],
      refs: [poisoned],
      body: { factId: poisoned, how: 'skipped', note: 'nothing was moved' },
    })
    await world.time.run(world.time.nowMs() + 30_000)
    await rest(fleet)
    await deliver(db, org, cloud)
    await projectAll(db, org)
    const [left] = await db<{ facts: number }[]>`SELECT count(*)::int AS facts FROM parked`
    hold(left?.facts === 0, 'nothing waits any more')
    const after = await readDrawers(db)
    for (const [id, book] of books) {
      hold(after.get(id) === drawerOf(book), `session ${id} is what its acts come to`)
    }
  },
}

/** What each drawer should hold, by the tables. */
async function readDrawers(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db<{ id: string; drawer: number }[]>`
    SELECT session.id,
      session.float_minor + total.cash_in_minor - total.cash_out_minor - total.dropped_minor
        + total.topped_up_minor AS drawer
    FROM till_session AS session
    JOIN session_total AS total
      ON total.org_id = session.org_id AND total.session_id = session.id
  `
  return new Map(rows.map(({ id, drawer }) => [id, Number(drawer)]))
}
