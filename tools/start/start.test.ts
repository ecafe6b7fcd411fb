import { createServer } from 'node:net'
import { findFreePort } from '@tillkeeper/postgres/free-port.ts'
import { expect, test } from 'vitest'
import { listBakeryProducts, storeBarcode } from './bakery-products.ts'
import { demoPlan } from './demo-plan.ts'
import { choosePorts, readPort } from './ports.ts'

test('the demo sells 94 things, each with a name, code and barcode of its own', () => {
  const products = listBakeryProducts()
  expect(products).toHaveLength(94)
  for (const field of ['name', 'code'] as const) {
    expect(new Set(products.map((product) => product[field])).size).toBe(94)
  }
  expect(new Set(products.flatMap(({ barcodes }) => barcodes)).size).toBe(94)
  for (const { priceMinor } of products) expect(priceMinor % 25).toBe(0)
})

test('a barcode has the check digit of EAN-13', () => {
  // 2 + 3×0 + 0 … + 3×1 = 5, and 5 more make ten.
  expect(storeBarcode(1)).toBe('2000000000015')
  expect(storeBarcode(94)).toBe('2000000000947')
})

test('nobody in the demo shares a number or a login', () => {
  const people = [...demoPlan.people, ...demoPlan.shops.flatMap((shop) => shop.people)]
  const numbers = people.map(({ number }) => number)
  const logins = people.flatMap(({ login }) => login ?? [])
  expect(new Set(numbers).size).toBe(people.length)
  expect(new Set(logins).size).toBe(logins.length)
})

/** The second of three ports in a row, of which the others are free. */
async function occupy(): Promise<{ readonly port: number; readonly free: () => void }> {
  const port = (await findFreePort(3)) + 1
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { port, free: () => server.close() }
}

test('a port that was asked for and is taken stops the start, with a way out', async () => {
  const { port, free } = await occupy()
  const choice = choosePorts(2, { asked: port - 1, otherwise: 7300 }, () => {})
  await expect(choice).rejects.toThrow(
    `port ${port} is already in use; stop what uses it, or choose others: npm start -- --port ${port + 9}`,
  )
  free()
})

test('a default port that is taken moves all ports on, and says so', async () => {
  const { port, free } = await occupy()
  const said: string[] = []
  const ports = await choosePorts(1, { otherwise: port }, (line) => said.push(line))
  expect(ports.cloud).toBeGreaterThan(port)
  expect(ports.stores).toEqual([ports.cloud + 1])
  expect(said[0]).toBe(`port ${port} is already in use: trying ${port + 10}`)
  free()
})

test.for(['0', '65536', '73.5', '-1', 'http', ''])('--port %s is refused', (text) => {
  expect(() => readPort(text)).toThrow('is not a port')
})
