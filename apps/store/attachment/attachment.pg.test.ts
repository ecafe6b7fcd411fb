import { attachmentTextMax } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from '../testing/digest.ts'
import { newId, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

// Photos of receipts: whose they are, and what is none.

let store: OpenedStore
let [nok, ploy] = ['', '']
beforeAll(async () => {
  store = await openStore()
  nok = await logIn('nok')
  ploy = await logIn('ploy')
})
afterAll(() => store.close())

async function logIn(name: 'nok' | 'ploy'): Promise<string> {
  const body = { number: numbers[name], pin: pins[name] }
  const reply = await send(store.app, 'POST', '/v1/auth/pin', { body })
  return reply.json().accessToken
}
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64')
const photo = () => ({ id: newId(), mime: 'image/jpeg', bytes: jpeg })
const post = (body: object, token = nok) =>
  send(store.app, 'POST', '/v1/attachments', { token, body })
const takers = async (id: string) => {
  const [row] = await store.db<{ taker: string; sender: string }[]>`
    SELECT a.staff_id AS taker, convert_from(j.bytes, 'UTF8')::jsonb ->> 'actor' AS sender
    FROM attachment a JOIN journal j ON j.org_id = a.org_id AND j.id = a.id
    WHERE a.id = ${id}
  `
  return row
}

test('a photo is of who took it, also where it waited and another person sends it', async () => {
  const own = photo()
  expect((await post(own)).statusCode).toBe(201)
  const later = { ...photo(), staffId: store.people.nok }
  expect((await post(later, ploy)).statusCode).toBe(201)
  // The answer was lost, and the one who sends it now is another again.
  expect((await post(later, ploy)).statusCode).toBe(200)
  const { nok: taker, ploy: sender } = store.people
  await expect.poll(() => takers(own.id)).toEqual({ taker, sender: `staff:${taker}` })
  await expect.poll(() => takers(later.id)).toEqual({ taker, sender: `staff:${sender}` })
  const seen = await send(store.app, 'GET', `/v1/attachments/${later.id}`, { token: ploy })
  expect(seen.headers['content-type']).toBe('image/jpeg')
  expect(seen.rawPayload.toString('base64')).toBe(jpeg)
})

test('what is no photo, of nobody, or too much is refused, and nothing is written', async () => {
  const before = await digestTables(store.db)
  const page = Buffer.from('<script>alert(1)</script>').toString('base64')
  for (const [fields, status, code] of [
    [{ bytes: page }, 422, 'not_a_picture'],
    [{ mime: 'image/png' }, 422, 'not_a_picture'],
    [{ bytes: 'AAAA' }, 422, 'not_a_picture'],
    [{ mime: 'text/html' }, 400, 'body_invalid'],
    [{ mime: 'image/svg+xml' }, 400, 'body_invalid'],
    [{ bytes: '' }, 400, 'body_invalid'],
    [{ bytes: 'not base64!' }, 400, 'body_invalid'],
    [{ bytes: 17 }, 400, 'body_invalid'],
    [{ bytes: jpeg.padEnd(attachmentTextMax + 4, 'A') }, 400, 'body_invalid'],
    [{ bytes: jpeg.padEnd(attachmentTextMax + 2_000, 'A') }, 413, 'body_too_large'],
    [{ id: 'x' }, 400, 'body_invalid'],
    [{ id: undefined }, 400, 'id_required'],
    [{ unknown: 1 }, 400, 'body_invalid'],
    [{ staffId: 'x' }, 400, 'body_invalid'],
    [{ staffId: newId() }, 404, 'staff_not_found'],
    [{ staffId: store.people.stranger }, 404, 'staff_not_found'],
  ] as const) {
    expectProblem(await post({ ...photo(), ...fields }), status, code)
  }
  // A photo is a person's: a key is nobody, and a weak one may not.
  expectProblem(await post(photo(), store.key), 403, 'person_required')
  expectProblem(await post(photo(), store.weakKey), 403, 'forbidden')
  expectProblem(await post(photo(), 'x'), 401, 'unauthenticated')
  expect(await digestTables(store.db)).toBe(before)
})

test('the same id is not two photos, and one that is not there is not found', async () => {
  const first = photo()
  expect((await post(first)).statusCode).toBe(201)
  const other = Buffer.from([0xff, 0xd8, 0xff, 9]).toString('base64')
  expectProblem(await post({ ...first, bytes: other }), 409, 'id_exists_with_different_content')
  for (const [id, status, code] of [
    [newId(), 404, 'not_found'],
    ['x', 400, 'path_invalid'],
  ] as const) {
    const reply = await send(store.app, 'GET', `/v1/attachments/${id}`, { token: nok })
    expectProblem(reply, status, code)
  }
})
