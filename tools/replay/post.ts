import { setTimeout as wait } from 'node:timers/promises'

/** A server's answer, or what it said that made us stop. */
export type Answer = {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

// A store server that was killed is back within seconds. Two minutes without one is a failure.
const patienceMs = 120_000
const pauseMs = 150
const answerMaxMs = 20_000
const askAgain: ReadonlySet<number> = new Set([429, 502, 503, 504])

/**
 * Sends a request until it is answered, as a till in a shop would: a lost connection, a lost answer or
 * an overloaded server is asked again, with the same id and body. Any other answer is final.
 */
export async function post(
  url: string,
  token: string,
  request: { readonly path: string; readonly body?: unknown; readonly idempotencyKey?: string },
): Promise<Answer> {
  const { path, body, idempotencyKey } = request
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      const reply = await fetch(url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        signal: AbortSignal.timeout(answerMaxMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      if (!askAgain.has(reply.status)) return { status: reply.status, body: JSON.parse(text) }
    } catch (error) {
      // The wire failed, or the answer was cut in the middle: whether it was done is not known, so the
      // same id is asked again. What never comes back stops the replay.
      if (performance.now() > until) throw new Error(`no answer from ${path}`, { cause: error })
    }
    if (performance.now() > until) throw new Error(`no final answer from ${path}`)
    await wait(pauseMs)
  }
}
