import { registerSW } from 'virtual:pwa-register'
import type { TillNode } from './node.ts'

/** How often a till that is never closed looks for a newer version of itself. */
const lookEveryMs = 3_600_000

let apply: (() => void) | undefined

/**
 * Registers the service worker that serves this page when the server is away. A newer version waits:
 * it is applied by `applyUpdate` alone, when nobody is in the middle of anything.
 */
export function watchUpdates({ state }: TillNode): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const update = registerSW({
    onNeedRefresh: () => {
      apply = () => void update(true)
      state.setState({ update: 'waiting' })
    },
    onRegisteredSW: (_url, registration) => {
      if (registration === undefined) return
      timer = setInterval(() => {
        // Without a line there is nothing to find; the next look finds it.
        registration.update().catch(() => undefined)
      }, lookEveryMs)
    },
  })
  return () => clearInterval(timer)
}

/** Replaces the app by the version that waits, if one does: the page is loaded again. */
export function applyUpdate(): void {
  apply?.()
}
