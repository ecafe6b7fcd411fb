import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createMetrics } from '@tillkeeper/http/observe/metrics.ts'
import { createServer, type Server } from '@tillkeeper/http/server/create-server.ts'
import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { webAppRoutes } from '@tillkeeper/http/web/web-app-routes.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedStore, openStore } from './testing/open-store.ts'

let store: OpenedStore
let web: Server
let folder = ''

beforeAll(async () => {
  store = await openStore()
  folder = await mkdtemp(join(tmpdir(), 'tillkeeper-web-'))
  await mkdir(join(folder, 'out', 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'out', 'index.html'), '<!doctype html><title>Till</title>')
  await writeFile(join(folder, 'out', 'sw.js'), 'self.skipWaiting()')
  await writeFile(join(folder, 'out', 'manifest.webmanifest'), '{}')
  await writeFile(join(folder, 'out', 'assets', 'app-1a2b.js'), 'run()')
  web = createServer({ authenticate: async () => undefined, metrics: createMetrics('store') })
  const out = pathToFileURL(`${join(folder, 'out')}/`)
  await web.register(webAppRoutes([{ prefix: '/till/', folder: out }]))
})
afterAll(async () => {
  await web.close()
  await rm(folder, { recursive: true })
  await store.close()
})

type Spec = {
  openapi: string
  paths: Record<string, Record<string, { 'x-permission'?: string; security?: unknown[] }>>
}

test('the API describes itself: every route of the shop, with its permission', async () => {
  const reply = await send(store.app, 'GET', '/openapi.json')
  const spec = reply.json<Spec>()
  expect(spec.openapi).toBe('3.1.0')
  const routes = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  for (const route of [
    'POST /v1/auth/pin',
    'GET /v1/products',
    'POST /v1/till-sessions',
    'GET /v1/till-sessions/{id}',
    'POST /v1/till-sessions/{id}/movements',
    'POST /v1/till-sessions/{id}/close',
    'POST /v1/sales',
    'GET /v1/sales/{id}',
    'GET /v1/sales',
    'POST /v1/sales/{id}/refunds',
    'GET /v1/sync/status',
    'GET /livez',
    'GET /readyz',
    'GET /metrics',
  ]) {
    expect(routes).toContain(route)
  }
  for (const methods of Object.values(spec.paths)) {
    for (const operation of Object.values(methods)) {
      expect(operation['x-permission']).toBeTypeOf('string')
      const isPublic = operation['x-permission'] === 'public'
      expect(operation.security === undefined).toBe(isPublic)
    }
  }
})

test('every route that is not public asks who it is, and says so in the same words', async () => {
  const { paths } = (await send(store.app, 'GET', '/openapi.json')).json<Spec>()
  let asked = 0
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation['x-permission'] === 'public') continue
      const url = path.replaceAll(/\{[^}]+\}/g, '01a1f753-6480-7285-a6d0-65ce56c571f5')
      const reply = await send(store.app, method.toUpperCase() as 'GET' | 'POST', url)
      expectProblem(reply, 401, 'unauthenticated')
      asked += 1
    }
  }
  expect(asked).toBeGreaterThan(20)
})

test('the docs page is whole in itself: nothing in it runs that is not ours, or asks elsewhere', async () => {
  const page = await send(store.app, 'GET', '/docs')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  expect(page.headers['content-security-policy']).toContain("connect-src 'self'")
  expect(page.body).not.toMatch(/https?:\/\//)
  expect(page.body).not.toMatch(/<script>/)
  const scripts = [...page.body.matchAll(/src="([^"]+)"/g)].map(([, src]) => src ?? '')
  expect(scripts).toEqual(['/docs/scalar.js', '/docs/start.js'])
  const sizes = await Promise.all(
    scripts.map(async (src) => (await send(store.app, 'GET', src)).rawPayload.length),
  )
  expect(sizes[0]).toBeGreaterThan(500_000)
})

test('the server says that it lives, serves and measures', async () => {
  expect((await send(store.app, 'GET', '/livez')).json()).toMatchObject({ status: 'ok' })
  expect((await send(store.app, 'GET', '/readyz')).json()).toMatchObject({ status: 'ok' })
  const { body } = await send(store.app, 'GET', '/metrics')
  for (const name of [
    'http_request_seconds_bucket',
    'unacked_cloud_facts',
    'sync_lag_seconds',
    'dlq_parked',
    'store_acts_waiting',
    'process_cpu_seconds_total',
  ]) {
    expect(body).toContain(name)
  }
})

test('a web app’s screens all get its page, asked for anew each time; its parts are kept', async () => {
  for (const url of ['/till/', '/till/index.html', '/till/sell', '/till/close/count']) {
    const page = await send(web, 'GET', url)
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(page.headers['cache-control']).toBe('no-cache')
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
  }
  const worker = await send(web, 'GET', '/till/sw.js')
  expect(worker.headers['cache-control']).toBe('no-cache')
  const part = await send(web, 'GET', '/till/assets/app-1a2b.js')
  expect(part.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const [url, location] of [
    ['/', '/till/'],
    ['/till', '/till/'],
  ] as const) {
    const reply = await send(web, 'GET', url)
    expect([reply.statusCode, reply.headers.location]).toEqual([302, location])
  }
})

test('nothing outside a web app’s folder is served', async () => {
  for (const url of [
    '/till/missing.js',
    '/till/assets/missing.css',
    '/till/../secret.txt',
    '/till/..%2fsecret.txt',
    '/till/%2e%2e/secret.txt',
    '/till/....//secret.txt',
    '/till/..%5csecret.txt',
    '/till/%00secret.txt',
    '/till//etc/passwd',
  ]) {
    const reply = await send(web, 'GET', url)
    expect(reply.body).not.toContain('secret')
    expect(reply.statusCode === 404 || reply.statusCode === 400).toBe(true)
  }
})
