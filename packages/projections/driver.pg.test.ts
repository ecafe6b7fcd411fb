import { once } from 'node:events'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { connect, type Db, type Tx } from './db.ts'
import { withTestDatabase } from './testing/with-database.ts'

// What tools/repairs/README.md promises. An exception that nobody can catch fails the run by itself.

const pidOf = async (sql: Tx) => {
  const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
  return row?.pid ?? 0
}
/** A server that is busy with other tests ends a session in seconds. */
const goneMs = 20_000
const end = async (killer: Db, pid: number) => {
  await killer`SELECT pg_terminate_backend(${pid})`
  await expect
    .poll(
      async () => (await killer`SELECT 1 AS one FROM pg_stat_activity WHERE pid = ${pid}`).length,
      { timeout: goneMs },
    )
    .toBe(0)
}

test('a server that goes away in a transaction ends it, and its connection is good again', () =>
  withTestDatabase(async (killer, url) => {
    const db = connect(url, { max: 1 })
    for (let round = 0; round < 5; round += 1) {
      for (const inSavepoint of [false, true]) {
        const ended = db.begin(async (tx) => {
          const pid = await pidOf(tx)
          const gone = end(killer, pid)
          // It is awaited below, where the statement has not thrown first.
          gone.catch(() => {})
          if (inSavepoint) await tx.savepoint((inner) => inner`SELECT pg_sleep(20)`)
          else await tx`SELECT pg_sleep(20)`
          await gone
        })
        await expect(ended).rejects.toThrow()
        expect([...(await db`SELECT ${round}::integer AS round`)]).toEqual([{ round }])
      }
    }
    await db.end()
  }))

test('what a transaction says after its connection closed is said to nobody', () =>
  withTestDatabase(async (killer, url) => {
    await killer`CREATE TABLE said (who text)`
    const db = connect(url, { max: 1 })
    const other = Promise.withResolvers<void>()
    const heard = Promise.withResolvers<string>()
    const first = db.begin(async (tx) => {
      await tx`INSERT INTO said VALUES ('first')`
      await end(killer, await pidOf(tx))
      await other.promise
      // The pool has given the connection to another transaction by now.
      const late = tx`INSERT INTO said VALUES ('late')`.then(() => 'written')
      heard.resolve(await late.catch((error: Error) => error.message))
    })
    await expect(first).rejects.toThrow(/CONNECTION_CLOSED/)
    await db.begin(async (tx) => {
      await tx`INSERT INTO said VALUES ('second')`
      other.resolve()
      expect(await heard.promise).toMatch(/CONNECTION_CLOSED/)
      await tx`SELECT pg_sleep(0.2)`
    })
    expect([...(await killer`SELECT who FROM said`)]).toEqual([{ who: 'second' }])
    await db.end()
  }))

test('statements that were lined up behind one another all end with the connection', () =>
  withTestDatabase(async (killer, url) => {
    const db = connect(url, { max: 1 })
    const ended = db.begin(async (tx) => {
      const pid = await pidOf(tx)
      // More than the driver sends ahead: the rest waits inside of it.
      const lined = Array.from({ length: 300 }, () => tx`SELECT pg_sleep(0.5)`.catch(() => 'ended'))
      await end(killer, pid)
      return Promise.all(lined)
    })
    await expect(ended).rejects.toThrow()
    expect([...(await db`SELECT 1 AS one`)]).toEqual([{ one: 1 }])
    await db.end()
  }))

test('a server that hangs up on every call is not called without a pause', async () => {
  let calls = 0
  const server = createServer((socket) => {
    calls += 1
    socket.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const db = connect(`postgres://nobody:nothing@127.0.0.1:${port}/nowhere`, { max: 1 })
  const asked = db`SELECT 1 AS one`.catch((error: Error) => error.message)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(calls).toBeGreaterThan(1)
  expect(calls).toBeLessThan(20)
  await db.end({ timeout: 0 })
  server.close()
  expect(await asked).toMatch(/CONNECTION_/)
})

test('a server that goes away while a connection learns its types fails who waits, and nobody else', () =>
  withTestDatabase(async (_, url) => {
    const real = new URL(url)
    const sockets = new Set<Socket>()
    const server = createServer((front) => {
      const back = connectSocket(Number(real.port), real.hostname)
      for (const socket of [front, back]) {
        sockets.add(socket)
        socket.on('error', () => socket.destroy())
      }
      back.on('close', () => front.destroy())
      back.on('data', (bytes) => front.write(bytes))
      front.on('data', (bytes) => {
        if (!bytes.includes('pg_catalog.pg_type')) back.write(bytes)
        else {
          // The first question of a connection: its server is gone, and nobody listens any more.
          server.close()
          for (const socket of sockets) socket.destroy()
        }
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const via = new URL(url)
    via.port = String(typeof address === 'object' ? address?.port : 0)
    const db = connect(via.href, { max: 1 })
    await expect(db.begin((tx) => tx`SELECT 1 AS one`)).rejects.toThrow(/ECONNREFUSED|CONNECTION/)
    await db.end({ timeout: 0 })
    // Unhandled, it would be noticed a turn later.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }))
