import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { enrolChild } from '../testing/raw-child.gen.ts'

let cloud: OpenedCloud
let chain: SeededChain
let token = ''
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  token = await enrolChild(cloud, chain, chain.shops[0])
})
afterAll(() => cloud.close())

type Poke = { readonly feeds: readonly { readonly stream: string; readonly seq: number }[] }

/** Opens a poke line and collects what it says; `closed` resolves with the code of its end. */
async function listen(first: unknown) {
  const socket = new WebSocket(`${cloud.url.replace('http', 'ws')}/sync/v1/poke`)
  const pokes: Poke[] = []
  socket.onmessage = ({ data }) => pokes.push(JSON.parse(String(data)) as Poke)
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code)
  })
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  if (first !== undefined) socket.send(JSON.stringify(first))
  return { socket, pokes, closed }
}

const has = async (pokes: readonly Poke[], stream: string, seq: number) =>
  expect
    .poll(() => pokes.some(({ feeds }) => feeds.some((f) => f.stream === stream && f.seq >= seq)))
    .toBe(true)

test('who listens hears where its feeds stand, and at once when one grows', async () => {
  const { socket, pokes } = await listen({ token })
  await has(pokes, 'feed/org@1', 1)
  const before = Math.max(...(pokes[0]?.feeds ?? []).map(({ seq }) => seq))
  await cloud.ask('/v1/products', [{ orgId: chain.org, id: newId(), name: 'Tea', code: 'TEA' }])
  await has(pokes, 'feed/org@1', before + 1)
  const person = { orgId: chain.org, id: newId(), number: '7', pin: '4321' }
  await cloud.ask('/v1/employees', { ...person, shops: [chain.shops[1]], roles: [] })
  await has(pokes, 'feed/org@1', before + 2)
  const heard = pokes.flatMap(({ feeds }) => feeds.map(({ stream }) => stream))
  expect(heard).not.toContain(`feed/credentials:${chain.shops[1]}@1`)
  expect(heard).not.toContain('feed/credentials@1')
  socket.close()
})

test('another chain’s news is not for this one', async () => {
  const other = await seedChain(cloud)
  const { socket, pokes } = await listen({ token })
  await has(pokes, 'feed/org@1', 1)
  const count = pokes.length
  await cloud.ask('/v1/products', [{ orgId: other.org, id: newId(), name: 'Tea', code: 'TEA' }])
  await cloud.ask('/v1/products', [{ orgId: chain.org, id: newId(), name: 'Pie', code: 'PIE' }])
  await expect.poll(() => pokes.length).toBe(count + 1)
  socket.close()
})

test.for([
  ['a wrong token', { token: 'nonsense' }],
  ['the operator’s key', () => ({ token: cloud.keys.adminKey })],
  ['no token', { hello: 1 }],
] as const)('%s: the line is closed', async ([, first]) => {
  const { closed, pokes } = await listen(typeof first === 'function' ? first() : first)
  expect(await closed).toBe(4401)
  expect(pokes).toEqual([])
})

test('who speaks on the line after the token is cut off', async () => {
  const { socket, pokes, closed } = await listen({ token })
  await has(pokes, 'feed/org@1', 1)
  socket.send('{"more":1}')
  expect(await closed).toBe(1008)
})
