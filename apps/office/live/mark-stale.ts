import type { QueryClient } from '@tanstack/react-query'
import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import { listsChangedBy } from './live-state.ts'

/** Events that come within this time cost one reading together; an eye does not see the difference. */
const gatherMs = 150
/** A list is read again at most this often, however much the shops sell. */
const pauseMs = 700

/**
 * Turns events into readings: what is on the screen is read again at once, the rest when it is next
 * looked at. Lists of which more than the first page was read are left alone (see sales-screen): they
 * would be read again page by page.
 */
export function markStale(cache: QueryClient): {
  readonly byEvent: (event: LiveEvent) => void
  readonly all: () => void
} {
  const waiting = new Set<string>()
  let running = false

  const flush = () => {
    const names = new Set(waiting)
    waiting.clear()
    running = names.size > 0
    if (!running) return
    void cache.invalidateQueries({
      predicate: ({ queryKey, state }) => {
        const [name] = queryKey
        return typeof name === 'string' && names.has(name) && pagesOf(state.data) <= 1
      },
    })
    setTimeout(flush, pauseMs)
  }
  return {
    byEvent: ({ type }) => {
      for (const name of listsChangedBy(type)) waiting.add(name)
      if (running || waiting.size === 0) return
      running = true
      setTimeout(flush, gatherMs)
    },
    all: () => void cache.invalidateQueries(),
  }
}

function pagesOf(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('pages' in data)) return 1
  return Array.isArray(data.pages) ? data.pages.length : 1
}
