import { afterEach, expect, test, vi } from 'vitest'
import { cashier, manager, openTestTill, type TestTill } from '../testing/open-test-till.ts'
import { dropPhoto, findPhoto, queuePhoto, sendNextPhoto, waitingPhotosMax } from './photo-queue.ts'

// What the network does is said here; what the queue makes of it is its own.

afterEach(() => vi.unstubAllGlobals())

const picture = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1])
const take = async (till: TestTill) => {
  const kept = await queuePhoto(till, { staffId: cashier.id, bytes: picture })
  if (kept.is !== 'kept') throw new Error(kept.is)
  return kept.id
}
const waits = async (till: TestTill, id: string) => (await findPhoto(till, id)) !== undefined

/** Answers each request in turn; the last answer stays. What was sent is collected. */
function answer(...replies: readonly (readonly [number, object] | 'away')[]) {
  const sent: { path: string; token: string | null; body: Record<string, unknown> }[] = []
  vi.stubGlobal('fetch', async (path: string, { headers, body }: RequestInit) => {
    const reply = replies[Math.min(sent.length, replies.length - 1)] ?? 'away'
    const token = new Headers(headers).get('authorization')
    sent.push({ path, token, body: JSON.parse(String(body)) })
    if (reply === 'away') throw new TypeError('no line')
    return new Response(JSON.stringify(reply[1]), { status: reply[0] })
  })
  return sent
}
const taken = [201, { id: cashier.id }] as const
const refusal = (status: number, code: string) => [status, { code }] as const

function logIn(till: TestTill, who: typeof cashier) {
  const login = { staffId: who.id, accessToken: who.name, refreshToken: '' }
  till.state.setState({ person: who, login: { ...login, expiresMs: till.nowMs() + 3_600_000 } })
}

test('a photo waits for a line and a login, and is its taker’s whoever sends it', async () => {
  const till = await openTestTill('photo-later')
  const id = await take(till)
  const sent = answer('away', taken)
  await sendNextPhoto(till)
  expect(sent).toEqual([]) // Nobody is logged in with the store server.
  logIn(till, manager)
  await sendNextPhoto(till)
  expect(await waits(till, id)).toBe(true)
  await sendNextPhoto(till)
  expect(await waits(till, id)).toBe(false)
  expect(sent[1]).toEqual({
    path: '/v1/attachments',
    token: `Bearer ${manager.name}`,
    body: { id, mime: 'image/jpeg', bytes: '/9j/4AE=', staffId: cashier.id },
  })
  till.db.close()
})

test('no photo stands before money', async () => {
  const till = await openTestTill('photo-money')
  const id = await take(till)
  logIn(till, cashier)
  const sent = answer(taken)
  const unsent = { ...till.outbox, sent: () => ({ unsent: 1, notInCloud: 1 }) }
  await sendNextPhoto({ ...till, outbox: unsent })
  expect(sent).toEqual([])
  expect(await waits(till, id)).toBe(true)
  till.db.close()
})

test.for([
  ['not_a_picture', 422, false],
  ['body_too_large', 413, false],
  ['id_exists_with_different_content', 409, false],
  ['staff_not_found', 404, true],
  ['forbidden', 403, true],
  ['unavailable', 503, true],
] as const)('after %s the next photo has its turn', async ([code, status, stays]) => {
  const till = await openTestTill(`photo-${code}`)
  const [first, second] = [await take(till), await take(till)]
  logIn(till, cashier)
  const sent = answer(refusal(status, code), taken)
  await sendNextPhoto(till)
  await sendNextPhoto(till)
  expect(sent.map(({ body }) => body.id)).toEqual([first, second])
  expect(await waits(till, first)).toBe(stays)
  expect(await waits(till, second)).toBe(false)
  till.db.close()
})

test('photos that are taken at once are all kept, up to as many as may wait', async () => {
  const till = await openTestTill('photo-full')
  const taker = { staffId: cashier.id, bytes: picture }
  const all = await Promise.all(
    Array.from({ length: waitingPhotosMax + 1 }, () => queuePhoto(till, taker)),
  )
  expect(all.filter(({ is }) => is === 'kept')).toHaveLength(waitingPhotosMax)
  expect(all.at(-1)).toEqual({ is: 'full' })
  const [kept] = all
  if (kept?.is !== 'kept') throw new Error('the first is kept')
  await dropPhoto(till, kept.id)
  expect(await queuePhoto(till, taker)).toMatchObject({ is: 'kept' })
  till.db.close()
})
