import { randomBytes, sign } from 'node:crypto'
import { type AskNodeToken, NodeToken, nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import { Check } from 'typebox/value'
import type { Identity } from '../node/identity.ts'

/** A token is renewed before it runs out, so that no batch meets its end. */
const renewMs = 60_000
const exchangeMaxMs = 15_000
const answerBytesMax = 16_384

type Deps = {
  readonly identity: () => Identity
  readonly cloudUrl: string
  readonly now: () => Date
}

/**
 * Gets and keeps the token with which this server syncs, by proving its key. `undefined` where none can
 * be had now: the cloud is away, or does not know this server any more. It never throws. Nothing but
 * syncing depends on it.
 */
export function createNodeToken({ identity, cloudUrl, now }: Deps) {
  let held: { readonly token: string; readonly untilMs: number } | undefined
  let asking: Promise<string | undefined> | undefined
  // What the cloud's clock is ahead of ours. A shop whose clock is wrong syncs all the same.
  let aheadMs = 0

  const ask = async (): Promise<string | undefined> => {
    for (let tries = 0; tries < 2; tries += 1) {
      const time = new Date(now().getTime() + aheadMs)
      const answer = await exchange(cloudUrl, signAsk(identity(), time))
      if (Check(NodeToken, answer)) {
        held = {
          token: answer.token,
          untilMs: now().getTime() + answer.expiresIn * 1_000 - renewMs,
        }
        return answer.token
      }
      const theirs = cloudTime(answer)
      if (theirs === undefined) return undefined
      aheadMs = theirs - now().getTime()
    }
    return undefined
  }
  return async ({ fresh }: { readonly fresh: boolean }): Promise<string | undefined> => {
    if (!fresh && held !== undefined && held.untilMs > now().getTime()) return held.token
    held = undefined
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

function signAsk({ org, shopId, epochMajor, nodeKey }: Identity, time: Date): AskNodeToken {
  const nonce = randomBytes(18).toString('base64url')
  const asked = { org, shopId, major: epochMajor, time: time.toISOString(), nonce }
  const signature = sign(null, Buffer.from(nodeProof(asked)), nodeKey).toString('base64')
  return { ...asked, signature }
}

async function exchange(cloudUrl: string, body: AskNodeToken): Promise<unknown> {
  try {
    const response = await fetch(`${cloudUrl}/sync/v1/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(exchangeMaxMs),
    })
    const text = await response.text()
    return text.length > answerBytesMax ? undefined : JSON.parse(text)
  } catch {
    return undefined // No line, or no answer of ours: the same as none.
  }
}

function cloudTime(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { code, now } = answer as { readonly code?: unknown; readonly now?: unknown }
  const ms = code === 'clock_differs' && typeof now === 'string' ? Date.parse(now) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}
