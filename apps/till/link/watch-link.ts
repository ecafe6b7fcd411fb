import type { LinkState } from '@tillkeeper/sync/link/link-state.ts'
import type { Link } from '@tillkeeper/sync/link/run-link.ts'
import { waitMs } from '../app/record-act.ts'

/**
 * How often a till looks for a store server that is away. The link's own waits grow to minutes, for
 * thousands of shops and one cloud; a shop has a handful of tills, and a person watches the count.
 */
export const knockMs = 3_000

/** Cuts waits short while the store server cannot be reached, and says hello when the poke line falls. */
export function watchLink(link: Link): (state: LinkState) => void {
  let cancel = () => {}
  let listening = false
  return (state) => {
    cancel()
    const fell = listening && !state.listening
    listening = state.listening
    // Only what is out of reach is knocked at: a store server that is busy said when to come again.
    const away = state.at === 'backoff' && state.reason === 'unreachable'
    if (away) cancel = waitMs(knockMs, link.start)
    else if (fell && state.at === 'idle') cancel = waitMs(0, link.start)
  }
}
