import { setTimeout as wait } from 'node:timers/promises'

// A store server serves as soon as it runs, with or without its cloud. At the first start it has
// nobody to let in and nothing to sell until it has pulled its feeds, so a chain waits for them.

type Stream = { readonly stream: string; readonly headSeq: number; readonly projectedSeq: number }

const patienceMs = 60_000
const pollMs = 50
const answerMs = 10_000

/** Resolves when the store has applied all that the cloud has for it now: its feeds, to the head. */
export async function waitUntilCaughtUp(
  { cloudUrl, storeUrl }: { readonly cloudUrl: string; readonly storeUrl: string },
  shop: string,
  apiKey: string,
): Promise<void> {
  const feeds = ['feed/org@', `feed/credentials:${shop}@`]
  const heads = ((await readStreams(cloudUrl, apiKey)) ?? []).filter(({ stream }) =>
    feeds.some((feed) => stream.startsWith(feed)),
  )
  if (heads.length < feeds.length) throw new Error(`the cloud has no feeds for shop ${shop}`)
  let missing = 'its key'
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const held = await readStreams(storeUrl, apiKey)
    const behind = heads.find(
      ({ stream, headSeq }) =>
        !held?.some((own) => own.stream === stream && own.projectedSeq >= headSeq),
    )
    if (behind === undefined && (await isReady(storeUrl))) return
    if (held !== undefined) missing = behind?.stream ?? 'the rest of its first load'
    await wait(pollMs)
  }
  throw new Error(`the store server of ${shop} did not get ${missing} from the cloud`)
}

/** A store that loads its shop's data for the first time serves nobody until it is whole. */
async function isReady(url: string): Promise<boolean> {
  const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(answerMs) })
  await reply.body?.cancel()
  return reply.ok
}

/** Undefined while the server does not know the key yet. */
async function readStreams(url: string, apiKey: string): Promise<readonly Stream[] | undefined> {
  const reply = await fetch(`${url}/v1/sync/status`, {
    headers: { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await reply.text()
  if (reply.status === 401) return undefined
  if (!reply.ok) throw new Error(`${url}/v1/sync/status: ${reply.status} ${text}`)
  return (JSON.parse(text) as { streams: Stream[] }).streams
}
