import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { setPageHeaders } from '../server/security-headers.ts'

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tillkeeper API</title>
</head>
<body>
<div id="api"></div>
<script src="/docs/scalar.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`
// Left to its defaults, the page would ask other sites for fonts, a proxy and an assistant; the content
// policy refuses those too.
const start = `Scalar.createApiReference('#api', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
})
`

/** A page that shows the API and lets one try it, from this server alone: it works in a shop offline. */
export function docsRoutes(): FastifyPluginAsyncTypebox {
  let bundle: Promise<Buffer> | undefined
  return async (app) => {
    const options = { config: { permission: 'public' }, schema: { hide: true } } as const
    app.get('/docs', options, async (_request, reply) => {
      setPageHeaders(reply)
      return reply.type('text/html; charset=utf-8').send(page)
    })
    app.get('/docs/start.js', options, async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').send(start),
    )
    app.get('/docs/scalar.js', options, async (_request, reply) => {
      bundle ??= readBundle()
      return reply
        .headers({ 'content-encoding': 'gzip', 'cache-control': 'private, max-age=3600' })
        .type('text/javascript; charset=utf-8')
        .send(await bundle)
    })
  }
}

// The package holds its script as a text inside its plugin, so the plugin is asked for it, once and when
// somebody wants it: four megabytes that no shop needs to read at every start.
async function readBundle(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const donor = Fastify()
  await donor.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
  const { rawPayload } = await donor.inject('/docs/js/scalar.js')
  await donor.close()
  return promisify(gzip)(rawPayload)
}
