import type { LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'

/** The live news of a shop's machines, as a till hears them: each with the moment at which it was read. */
export type News = {
  readonly next: (fits: (live: LiveRecycler) => boolean) => Promise<number>
  readonly stop: () => void
}

const waitMs = 30_000

export async function followNews(
  storeUrl: string,
  token: string,
  hear: (live: LiveRecycler, atMs: number) => void = () => {},
): Promise<News> {
  const control = new AbortController()
  const reply = await fetch(`${storeUrl}/v1/recyclers/live/news`, {
    headers: { authorization: `Bearer ${token}` },
    signal: control.signal,
  })
  if (!reply.ok || reply.body === null) throw new Error(`news: ${reply.status}`)
  const waiting = new Set<{
    readonly fits: (live: LiveRecycler) => boolean
    readonly found: (atMs: number) => void
  }>()
  const take = (text: string, atMs: number) => {
    const live = JSON.parse(text) as LiveRecycler
    hear(live, atMs)
    for (const one of waiting) {
      if (!one.fits(live)) continue
      waiting.delete(one)
      one.found(atMs)
    }
  }
  void read(reply.body, take).catch(() => undefined)
  return {
    next: (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the news did not come')), waitMs)
        const found = (atMs: number) => {
          clearTimeout(timer)
          resolve(atMs)
        }
        waiting.add({ fits, found })
      }),
    stop: () => control.abort(),
  }
}

async function read(
  body: ReadableStream<Uint8Array>,
  take: (text: string, atMs: number) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  let held = ''
  for await (const chunk of body) {
    const atMs = performance.timeOrigin + performance.now()
    held += decoder.decode(chunk, { stream: true })
    const events = held.split('\n\n')
    held = events.pop() ?? ''
    for (const event of events) {
      if (event.startsWith('data: ')) take(event.slice('data: '.length), atMs)
    }
  }
}
