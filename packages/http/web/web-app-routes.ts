import { stat } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { sendRefusal } from '../problem/problem.ts'
import { setPageHeaders } from '../server/security-headers.ts'

type WebApp = {
  /** Where it is reached, such as `/office/`. */
  readonly prefix: `/${string}/`
  /** What Vite built. */
  readonly folder: URL
}

const config = { permission: 'public' } as const
const schema = { hide: true } as const

/** Vite puts a hash of the content in the names of what it builds, so these never change. */
const hashed = /^assets\//
const forEver = 'public, max-age=31536000, immutable'

/**
 * Serves web apps and sends `/` to the first. An address inside an app that is no file is one of the
 * app's own screens and gets its page; a missing script or picture is not found.
 */
export function webAppRoutes(apps: readonly WebApp[]): FastifyPluginAsyncTypebox {
  return async (server) => {
    // Nothing was built yet, as in a fresh clone: the API serves all the same.
    if (apps.length === 0) return
    await server.register(fastifyStatic, {
      root: apps.map(({ folder }) => fileURLToPath(folder)),
      serve: false,
      cacheControl: false,
    })
    const [first] = apps
    if (first !== undefined) {
      server.get('/', { config, schema }, (_request, reply) => reply.redirect(first.prefix))
    }
    for (const { prefix, folder } of apps) {
      const root = fileURLToPath(folder)
      server.get(prefix.slice(0, -1), { config, schema }, (_request, reply) =>
        reply.redirect(prefix),
      )
      server.get<{ Params: { '*': string } }>(
        `${prefix}*`,
        { config, schema },
        async (request, reply) => sendAppFile(reply, root, request.params['*']),
      )
    }
  }
}

async function sendAppFile(reply: FastifyReply, root: string, asked: string) {
  const path = normalize(asked === '' ? 'index.html' : asked)
  if (path.includes('\0') || path.startsWith('..') || path.startsWith(sep)) {
    return sendRefusal(reply, { code: 'not_found' })
  }
  const isFile = await stat(join(root, path)).then(
    (found) => found.isFile(),
    () => false,
  )
  const isScreen = !isFile && !/\.[a-z0-9]{1,11}$/i.test(path)
  if (!isFile && !isScreen) return sendRefusal(reply, { code: 'not_found' })

  const file = isFile ? path : 'index.html'
  setPageHeaders(reply)
  // The page and the service worker are asked for again each time, so that a new version arrives.
  reply.header('cache-control', hashed.test(file) ? forEver : 'no-cache')
  return reply.sendFile(file, root)
}
