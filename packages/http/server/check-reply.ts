import { assert } from '@tillkeeper/core/base/assert.ts'
import type { preSerializationAsyncHookHandler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

const compiled = new WeakMap<object, Validator>()

/** Fails a request whose reply is not what its route promises, so that a test cannot overlook it. */
export const checkReply: preSerializationAsyncHookHandler = async (request, reply, payload) => {
  const responses = request.routeOptions.schema?.response as Record<string, TSchema> | undefined
  const schema = responses?.[reply.statusCode]
  if (schema === undefined || typeof schema !== 'object') return payload
  const validator = compiled.get(schema) ?? Compile(schema)
  compiled.set(schema, validator)
  // What goes over the wire is JSON: fields that are undefined are not there.
  const sent: unknown = JSON.parse(JSON.stringify(payload))
  const places = validator.Check(sent) ? [] : validator.Errors(sent)
  assert(places.length === 0, `a reply fits its schema: ${JSON.stringify(places.slice(0, 3))}`)
  return payload
}
