import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { Server } from '../server/create-server.ts'

/** Sends a request to a server that does not listen; a body goes as JSON. */
export function send(
  app: Server,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  {
    token,
    body,
    headers,
  }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<LightMyRequestResponse> {
  const options: InjectOptions = {
    method,
    url,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  }
  if (body !== undefined) options.payload = body as InjectOptions['payload'] & object
  return app.inject(options)
}

/** Requires a refusal in the one shape there is, and returns its body. */
export function expectProblem(
  reply: LightMyRequestResponse,
  status: number,
  code: string,
): Record<string, unknown> {
  const body = reply.body === '' ? {} : reply.json<Record<string, unknown>>()
  expect({ status: reply.statusCode, code: body.code }).toEqual({ status, code })
  expect(reply.headers['content-type']).toContain('application/problem+json')
  expect(body).toMatchObject({ type: `/problems/${code}`, status })
  return body
}
