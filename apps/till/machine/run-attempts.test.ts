import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { cashier, openSession, openTestTill } from '../testing/open-test-till.ts'
import { endedView, record, viewOf } from './machine.gen.ts'
import { shownOf } from './machine-state.ts'
import { beginAttempt, findAttempt, tellAttempt } from './run-attempts.ts'

afterEach(() => vi.unstubAllGlobals())

type Reply = { readonly status: number; readonly body: unknown } | 'no_line'
const problem = (status: number, code: string): Reply => ({ status, body: { code } })
const says = (view: AttemptView): Reply => ({ status: 202, body: view })

/** A till whose person has a login, before a store server that answers what it is told to. */
async function openBefore(name: string, replies: Reply[]) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path.replace(`/v1/recyclers/${record.recyclerId}/attempts`, '')}`)
    const reply = replies.shift() ?? 'no_line'
    if (reply === 'no_line') throw new TypeError('no line')
    return new Response(JSON.stringify(reply.body), { status: reply.status })
  })
  const till = await openTestTill(name)
  await openSession(till)
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresMs: Number.MAX_SAFE_INTEGER }
  till.state.setState({ login: { staffId: cashier.id, ...tokens } })
  const shown = () => {
    const attempt = findAttempt(till, record.attemptId)
    return attempt === undefined ? 'gone' : shownOf(attempt)
  }
  return { till, asked, shown }
}

test.each<[string, Reply, string]>([
  ['that it begins', says(viewOf()), 'working'],
  ['that it is busy: nothing began', problem(409, 'recycler_busy'), 'not_begun'],
  ['that something is asked wrongly: nothing began', problem(400, 'invalid'), 'not_begun'],
  ['that it failed itself: nobody knows', problem(500, 'internal'), 'away'],
  ['what is no answer of ours: nobody knows', { status: 202, body: { is: 'fine' } }, 'away'],
  ['nothing: nobody knows', 'no_line', 'away'],
])('asked to begin, the store server says %s', async (name, reply, expected) => {
  const { till, asked, shown } = await openBefore(`machine ${name}`, [reply])
  await beginAttempt(till, record)
  await vi.waitFor(() => expect(shown()).toBe(expected))
  expect(asked).toEqual(['POST '])
})

test.each<[string, Reply, string]>([
  ['has never heard of it', problem(404, 'recycler_attempt_not_found'), 'not_begun'],
  ['knows no such machine', problem(404, 'recycler_not_found'), 'away'],
  ['says how far it is', says(viewOf({ state: 'settling' })), 'settling'],
])(
  'asked for an attempt that it did not answer, the store server %s',
  async (name, reply, expected) => {
    const { till, asked, shown } = await openBefore(`machine ${name}`, ['no_line', reply])
    await beginAttempt(till, record)
    await vi.waitFor(() => expect(shown()).toBe('away'))
    tellAttempt(till, record.attemptId, { type: 'look' })
    await vi.waitFor(() => expect(shown()).toBe(expected))
    expect(asked.at(-1)).toBe(`GET /${record.attemptId}`)
  },
)

test('a cancel is asked for, and its answer is one more word of the attempt', async () => {
  const back = endedView('not_done', [20_00, 20_00])
  const { till, asked, shown } = await openBefore('machine-cancel', [says(viewOf()), says(back)])
  await beginAttempt(till, record)
  await vi.waitFor(() => expect(shown()).toBe('working'))
  tellAttempt(till, record.attemptId, { type: 'key', key: 'cancel' })
  await vi.waitFor(() => expect(shown()).toBe('not_done'))
  expect(asked.at(-1)).toBe(`POST /${record.attemptId}/cancel`)
})
