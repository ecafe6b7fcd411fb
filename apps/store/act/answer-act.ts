import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import type { Refusal } from '@tillkeeper/http/problem/refusals.ts'
import type { FastifyReply } from 'fastify'
import type { AnyWriter } from '../writer/writer.ts'
import type { Done } from './record-act.ts'

type Standing = { readonly writer: AnyWriter; readonly reply: FastifyReply }

/**
 * Records an act in its turn and answers with its id: 201, or 200 where it had been recorded before. Who
 * may not act, and what is refused, is told as its problem.
 */
export async function answerAct<Acting>(
  { writer, reply }: Standing,
  acting: Outcome<Acting, Refusal>,
  record: (acting: Acting) => Promise<Outcome<Done, Refusal>>,
) {
  if (!acting.ok) return sendRefusal(reply, acting.refusal)
  const outcome = await writer.act(() => record(acting.value))
  if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
  return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
}
