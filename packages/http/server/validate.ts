import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProblemPlace } from '../problem/problem.ts'

const errorsMax = 20
const keyLengthMax = 100

/**
 * Checks values as they are. Nothing is coerced (the text "12" is no amount), nothing is filled in, and
 * fields that a strict schema does not name are refused, not removed.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const compiled = Compile(schema)
  return (value: unknown) => {
    if (compiled.Check(value)) return { value }
    return { error: compiled.Errors(value) as unknown as FastifySchemaValidationError[] }
  }
}

/** Says where a value failed and what was expected there. What was sent is never repeated. */
export function problemPlaces(
  errors: readonly FastifySchemaValidationError[],
): readonly ProblemPlace[] {
  return (
    errors
      // Each unknown field is reported twice, here with the place of the field itself.
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      .slice(0, errorsMax)
      .map(({ keyword, instancePath, message = 'does not fit' }) => ({
        pointer: instancePath.slice(-keyLengthMax * 2),
        detail: keyword === 'boolean' ? 'is not a field of this request' : message,
      }))
  )
}
