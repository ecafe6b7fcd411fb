import { lookAtLink, type WatchDeps } from '@tillkeeper/http/sync-health/watch-link.ts'
import { markAcked } from '@tillkeeper/projections/journal/cursor-sql.ts'
import { listIncidents, noteIncident } from '@tillkeeper/projections/journal/incident-sql.ts'
import { nameWorst, nodesMax } from '@tillkeeper/projections/sync-health/measures-sql.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noon, type OpenedStore, openStore } from '../testing/open-store.ts'
import { cloudPeer } from './cloud-ports.ts'

let store: OpenedStore
beforeAll(async () => {
  store = await openStore()
})
afterAll(() => store.close())

const metrics = async () => (await store.app.inject({ url: '/metrics' })).payload
const line = async (name: string) =>
  (await metrics()).split('\n').filter((text) => text.startsWith(name))

/** One session is opened: one fact that no cloud has. */
async function open(): Promise<void> {
  const reply = await store.app.inject({
    method: 'POST',
    url: '/v1/till-sessions',
    headers: { authorization: `Bearer ${store.key}`, 'idempotency-key': 'open' },
    payload: {
      ...{ tillId: store.tills[0], staffId: store.people.nok },
      ...{ currency: 'THB', floatMinor: 0 },
    },
  })
  expect(reply.statusCode).toBe(201)
}

test('every figure of replication has its name, and a value also where nothing happened', async () => {
  await open()
  store.clock.now = new Date(noon.getTime() + 90_000)
  const node = store.identity.author
  await store.db`
    INSERT INTO child_health (org_id, author, shop_id, hello_at, clock_offset_ms, behind)
    VALUES (${store.identity.org}, 't-x', ${store.shop}, now(), -1500,
      '[{"stream": "t-x:1.0/business", "seq": 7}]')
  `
  await noteIncident(store.db, store.identity.org, {
    ...{ kind: 'fork', node: 't-x', stream: 's', at: noon.toISOString() },
  })
  const text = await metrics()
  for (const expected of [
    `sync_lag_facts{node="t-x",way="below",program="store"} 7`,
    `sync_lag_facts{node="${node}",way="up",program="store"} 1`,
    'sync_lag_seconds{program="store"} 90',
    'unacked_cloud_facts{program="store"} 1',
    'dlq_parked{reason="bad_body",program="store"} 0',
    'dlq_parked{reason="unknown_type",program="store"} 0',
    'clock_offset_ms{node="t-x",program="store"} -1500',
    'forks_total{program="store"} 1',
    'clone_suspect_total{program="store"} 0',
    'rollback_peer_total{program="store"} 0',
    'repair_rows_total{program="store"} 0',
    'link_stuck{program="store"} 0',
  ]) {
    expect(text).toContain(expected)
  }
  expect(text).toContain('# TYPE digest_mismatch_total counter')
  expect(await line('forks_total'), 'a count is not added up by asking').toEqual([
    'forks_total{program="store"} 1',
  ])
})

test('of many nodes the worst are named, and the rest are one', () => {
  const figures = Array.from({ length: nodesMax + 5 }, (_, index) => ({
    ...{ node: `t-${index}`, value: 1_000 - index },
  }))
  const named = nameWorst(figures)
  expect(named).toHaveLength(nodesMax + 1)
  expect(named.at(-1)).toEqual({ node: 'other', value: 900 + 899 + 898 + 897 + 896 })
})

test('facts that wait though the line is up are an incident, until they went on', async () => {
  const told: number[] = []
  let linkUp = false
  const deps: WatchDeps = {
    ...{ db: store.db, org: store.identity.org, author: store.identity.author },
    ...{ parent: cloudPeer, now: () => store.clock.now, onFault: () => undefined },
    linkStatus: () => ({ linkUp, lastContactAt: null }),
    onStuck: (facts) => told.push(facts),
  }
  const stuck = async () =>
    (await listIncidents(store.db, store.identity.org, { openOnly: true })).filter(
      ({ kind }) => kind === 'link_stuck',
    )
  await lookAtLink(deps)
  expect(await stuck(), 'a shop without a line is not stuck').toEqual([])
  linkUp = true
  for (let look = 0; look < 3; look += 1) await lookAtLink(deps)
  expect(await stuck()).toMatchObject([{ node: store.identity.author, detail: { facts: 1 } }])
  expect(told).toEqual([1])
  linkUp = false
  await lookAtLink(deps)
  expect(await stuck(), 'a line that fell says nothing of the queue').toHaveLength(1)
  linkUp = true
  const { stream } = store.node.author
  await markAcked(store.db, store.identity.org, { peer: cloudPeer, acks: [{ stream, seq: 1 }] })
  await lookAtLink(deps)
  expect(await stuck()).toEqual([])
})
