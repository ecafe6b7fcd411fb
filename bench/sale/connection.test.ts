import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openConnection, readReply } from './connection.ts'

const server = createServer()
afterEach(() => server.close())

test('a reply is read once all of it has come', () => {
  const text = 'HTTP/1.1 201 Created\r\nContent-Length: 4\r\nx: y\r\n\r\nsold'
  for (let length = 0; length < text.length; length += 1) {
    expect(readReply(Buffer.from(text.slice(0, length)))).toBeUndefined()
  }
  expect(readReply(Buffer.from(text))).toMatchObject({
    ...{ status: 201, body: Buffer.from('sold') },
    head: expect.stringContaining('x: y'),
  })
  expect(() => readReply(Buffer.from('SSH-2.0\r\n\r\n'))).toThrow('strange')
})

test('one connection asks again and again, and fails when the server hangs up', async () => {
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  server.on('request', async (request, response) => {
    const { authorization } = request.headers
    const body = Buffer.concat(await request.toArray()).toString()
    if (body === 'hang up') request.socket.destroy()
    else response.writeHead(201, { 'content-length': 9 }).end(`${authorization?.slice(7)} ${body}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connection = await openConnection(`http://127.0.0.1:${port}`, 'key')
  const first = await connection.post('/', 'first')
  expect([first.status, first.body.toString()]).toEqual([201, 'key first'])
  const again = await connection.post('/', 'again')
  expect(again.body.toString()).toBe('key again')
  expect(connections).toBe(1)
  await expect(connection.post('/', 'hang up')).rejects.toThrow()
})
