import swagger from '@fastify/swagger'
import { problemType } from '../problem/problem.ts'
import type { Server } from '../server/create-server.ts'

type About = { readonly title: string; readonly version: string; readonly description: string }

/**
 * Describes every route that is registered after it as OpenAPI 3.1, out of the schemas that also check
 * the requests. The permission of a route stands in `x-permission`.
 */
export async function describeApi(app: Server, { title, version, description }: About) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description },
      tags: tags.map(([name, text]) => ({ name, description: text })),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A person’s access token (10 minutes, see /v1/auth), or an API key `tk_live_…`.',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const { permission } = route.config ?? {}
      return {
        url,
        schema: {
          ...schema,
          ...(permission === 'public' ? {} : { security: [{ bearer: [] }] }),
          ['x-permission' as string]: permission,
          response: { ...(schema?.response as object), '4xx': problemResponse },
        },
      }
    },
  })
  app.get(
    '/openapi.json',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (_request, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
  )
}

const problemResponse = {
  description: 'A refusal (RFC 9457) with a stable `code`; the codes are in docs/api/refusals.md.',
  content: {
    [problemType]: {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              required: ['pointer', 'detail'],
              properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
            },
          },
        },
      },
    },
  },
}

const tags = [
  ['auth', 'People log in; other systems use API keys.'],
  ['selling', 'Sales and refunds.'],
  ['till', 'Tills, their sessions, and the cash in them.'],
  ['recycler', 'Cash machines: what they hold, what they are asked, how that ended.'],
  ['catalogue', 'Products, shops and people.'],
  ['figures', 'Summaries, cash and the live feed.'],
  ['chain', 'What the owner sets up, in the cloud.'],
  ['sync', 'Between our own servers and tills.'],
  ['operating', 'For who runs the servers.'],
] as const
