import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  type LiveEvent,
  type LiveEvents,
  listLiveEvents,
  readLiveSeq,
} from '@tillkeeper/projections/journal/live-sql.ts'
import type { ShopScope } from '@tillkeeper/projections/page/shop-scope.ts'

/** Events that are read at once: who is further behind gets them a page at a time. */
export const eventsReadMax = 500
/** News that nobody told us of (another process wrote them) are found after so long. */
const lookMs = 1_000

/** One who follows an organisation's feed. */
export type LiveListener = {
  /** Events in their order, without a gap, each once. */
  readonly onEvents: (events: readonly LiveEvent[]) => void
  /** More happened than is kept: what was shown is stale, and the feed goes on after `liveSeq`. */
  readonly onReset: (liveSeq: number) => void
}

export type LiveHub = {
  /** Something was projected and committed. Cheap, above all where nobody listens. */
  readonly poke: (org: OrgId) => void
  /** Follows the feed from its head on; `leave` ends it. */
  readonly join: (org: OrgId, listener: LiveListener) => Promise<{ leave: () => void }>
  /** What came after an event, for one who was away. */
  readonly read: (
    org: OrgId,
    asked: { readonly after: number; readonly shops: ShopScope },
  ) => Promise<LiveEvents>
  readonly listeners: () => number
  readonly close: () => void
}

type Feed = {
  readonly org: OrgId
  readonly listeners: Set<LiveListener>
  /** All up to here was handed out. */
  liveSeq: number
  reading: boolean
  poked: boolean
}

/**
 * Hands out live events to all who follow an organisation. They are read from the database once for all,
 * from where the feed stands: so they come in the order of commits, and none is lost between a commit and
 * a poke.
 */
export function createLiveHub(db: Db, onFault: (error: unknown) => void): LiveHub {
  const feeds = new Map<OrgId, Feed>()

  const handOut = async (feed: Feed) => {
    const { org, listeners } = feed
    for (;;) {
      const heard = await listLiveEvents(db, org, {
        shops: 'all',
        after: feed.liveSeq,
        limit: eventsReadMax,
      })
      if (heard.kind === 'reset') {
        feed.liveSeq = heard.liveSeq
        for (const { onReset } of listeners) onReset(heard.liveSeq)
        return
      }
      feed.liveSeq = heard.events.at(-1)?.liveSeq ?? feed.liveSeq
      if (heard.events.length > 0) for (const { onEvents } of listeners) onEvents(heard.events)
      if (heard.events.length < eventsReadMax) return
    }
  }
  const run = async (feed: Feed) => {
    feed.poked = true
    if (feed.reading) return
    feed.reading = true
    while (feed.poked && feed.listeners.size > 0) {
      feed.poked = false
      // An edge: the database may be away; the next look tries again.
      await handOut(feed).catch(onFault)
    }
    feed.reading = false
  }
  const timer = setInterval(() => {
    for (const feed of feeds.values()) void run(feed)
  }, lookMs)
  timer.unref()
  return {
    poke: (org) => {
      const feed = feeds.get(org)
      if (feed !== undefined) void run(feed)
    },
    join: async (org, listener) => {
      let feed = feeds.get(org)
      if (feed === undefined) {
        const liveSeq = await readLiveSeq(db, org)
        // Another may have joined while we read.
        feed = feeds.get(org) ?? {
          org,
          listeners: new Set(),
          liveSeq,
          reading: false,
          poked: false,
        }
        feeds.set(org, feed)
      }
      const { listeners } = feed
      listeners.add(listener)
      const leave = () => {
        listeners.delete(listener)
        if (listeners.size === 0 && feeds.get(org) === feed) feeds.delete(org)
      }
      return { leave }
    },
    read: (org, asked) => listLiveEvents(db, org, { ...asked, limit: eventsReadMax }),
    listeners: () => [...feeds.values()].reduce((all, { listeners }) => all + listeners.size, 0),
    close: () => clearInterval(timer),
  }
}
