import type { Fate, FaultProxy } from './fault-proxy.ts'

// One exchange, cut at every byte of its request and of its reply.

export type CutEverywhere = {
  readonly proxy: FaultProxy
  /** Cuts at each so-manieth byte. */
  readonly stride: number
  /** Asks once, and says whether the asker believes that it has its answer. */
  readonly send: () => Promise<boolean>
  /** How often it was done, as the database says. */
  readonly landed: () => Promise<number>
}

export type CutFound = {
  readonly cuts: number
  readonly bytes: number
  readonly wrong: readonly string[]
}

/** As many are asked side by side. */
const askersMax = 6
const toldMax = 5

/** Cuts all; in the end it was done, whole, exactly as often as it can be. */
export async function cutEverywhere(options: CutEverywhere): Promise<CutFound> {
  const { proxy, stride, send, landed } = options
  const wrong: string[] = []
  let requestBytes = 0
  proxy.decide(({ bytes }) => {
    requestBytes = bytes.length
    return { kind: 'cut_request', at: 0 }
  })
  const before = await landed()
  if (await send()) wrong.push('a request that never left was answered')

  const meet = async (kind: 'cut_request' | 'cut_reply', bytes: number) => {
    const fates: Fate[] = []
    for (let at = 0; at < bytes; at += stride) fates.push({ kind, at })
    const count = fates.length
    proxy.decide(() => fates.shift() ?? { kind: 'cut_request', at: 0 })
    const asker = async () => {
      while (fates.length > 0) {
        if ((await send()) && wrong.length < toldMax)
          wrong.push(`a ${kind} was taken for an answer`)
      }
    }
    await Promise.all(Array.from({ length: askersMax }, asker))
    return count
  }
  let cuts = 1 + (await meet('cut_request', requestBytes))
  const after = await landed()
  if (after !== before) wrong.push(`${after - before} requests that were cut were done`)

  // The first reply is lost whole; the second tells how long one is.
  proxy.decide(() => ({ kind: 'cut_reply', at: 0 }))
  if (await send()) wrong.push('a reply that was lost was believed')
  proxy.decide(() => ({ kind: 'pass' }))
  if (!(await send())) wrong.push('asked whole, it is not answered')
  const replyBytes = proxy.lastReplyBytes()
  cuts += 1 + (await meet('cut_reply', replyBytes))
  proxy.decide(() => ({ kind: 'pass' }))
  if (!(await send())) wrong.push('asked whole in the end, it is not answered')
  return { cuts, bytes: requestBytes + replyBytes, wrong }
}
