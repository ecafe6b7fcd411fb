import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { LinkState } from '@tillkeeper/sync/link/link-state.ts'
import { runLink } from '@tillkeeper/sync/link/run-link.ts'
import { createStore } from 'zustand/vanilla'
import { makeDirectory } from '../catalogue/directory.ts'
import { openFeedInbox } from '../catalogue/feed-inbox.ts'
import type { TillDb } from '../journal/database.ts'
import type { ShutdownMark } from '../journal/epoch.ts'
import { openJournal } from '../journal/journal.ts'
import { type Device, emptyBook, readKept } from '../journal/kept.ts'
import { openOutbox } from '../journal/outbox.ts'
import { pruneFacts } from '../journal/retain.ts'
import { takeTurns } from '../journal/take-turns.ts'
import { browserTimer, browserWire } from '../link/browser-wire.ts'
import { mendStream } from '../link/mend-stream.ts'
import { watchLink } from '../link/watch-link.ts'
import { emptyCart } from '../sale/cart.ts'
import { build } from './build.ts'
import { hashBytes, type TillNode } from './node.ts'
import { waitMs } from './record-act.ts'
import { addProblem, type Problem, readLine, type TillState } from './till-state.ts'

/** Edits of one import come in many batches: the catalogue is made ready once they pause. */
const settleMs = 120
const pruneEveryMs = 3_600_000

type Start = {
  readonly db: TillDb
  readonly device: Device
  readonly mark: ShutdownMark | undefined
}

/** Opens everything that this till keeps and begins to talk to its store server. */
export async function startNode({ db, device, mark }: Start): Promise<TillNode> {
  const nowMs = () => Date.now()
  const sha256 = hashBytes
  const journal = await openJournal({ db, device, sha256, nowMs, mark })
  const [outbox, inbox, book, cart, held] = await Promise.all([
    openOutbox({ db, journal, sha256 }),
    openFeedInbox({ db, org: device.org, sha256 }),
    readKept(db, 'book'),
    readKept(db, 'cart'),
    readKept(db, 'held'),
  ])
  const directory = makeDirectory(inbox.registers())
  const state = createStore<TillState>(() => ({
    directory,
    ready: directory.tills.has(device.tillId) && directory.shops.has(device.shopId),
    feedHeld: inbox.held(),
    feedHead: inbox.held(),
    book: book ?? emptyBook,
    cart: cart ?? emptyCart,
    held: held ?? [],
    line: { is: 'connecting' },
    sent: outbox.sent(),
    problems: [],
    storage: 'unknown',
    update: 'none',
  }))
  const note = (code: Problem['code'], about: string) =>
    state.setState(({ problems }) => ({
      problems: addProblem(problems, { code, about, sinceMs: nowMs() }),
    }))

  let watch = (_: LinkState) => {}
  const link = runLink({
    node: device.author,
    epoch: () => journal.epoch(),
    build,
    outbox,
    inbox,
    wire: browserWire(device.token),
    timer: browserTimer,
    now: () => new Date(nowMs()).toISOString(),
    random: Math.random,
    onState: (next) => {
      hearLink(node, next)
      watch(next)
    },
    onAlarm: (stream, why) => {
      note(stream.startsWith('feed/') ? 'feed_stopped' : 'stream_stopped', `${stream}: ${why}`)
      void mendStream(node, stream as StreamId, why).catch((error: unknown) =>
        note('fault', String(error)),
      )
    },
    onFault: (error) => note('fault', String(error)),
  })
  const turns = takeTurns()
  const node: TillNode = { db, device, journal, outbox, inbox, link, turns, state, nowMs }
  watch = watchLink(link)
  outbox.onAck(() => state.setState({ sent: outbox.sent() }))
  inbox.onChange(settle(() => readFeed(node)))
  link.start()
  keepTidy(node)
  return node
}

function hearLink({ state, nowMs }: TillNode, next: LinkState): void {
  const line = readLine(next, state.getState().line, nowMs())
  const feedHead =
    'session' in next ? next.session.feeds.reduce((all, { head }) => all + head, 0) : 0
  state.setState(({ feedHead: before, problems }) => ({
    line,
    feedHead: Math.max(before, feedHead),
    problems:
      line.why === 'unauthorised'
        ? addProblem(problems, { code: 'not_accepted', about: 'device', sinceMs: nowMs() })
        : line.is === 'up'
          ? problems.filter(({ code }) => code !== 'not_accepted')
          : problems,
  }))
}

function readFeed({ inbox, state, device }: TillNode): void {
  const directory = makeDirectory(inbox.registers())
  state.setState(({ feedHead }) => ({
    directory,
    feedHeld: inbox.held(),
    ready:
      directory.tills.has(device.tillId) &&
      directory.shops.has(device.shopId) &&
      inbox.held() >= feedHead,
  }))
}

function settle(act: () => void): () => void {
  let cancel = () => {}
  return () => {
    cancel()
    cancel = waitMs(settleMs, act)
  }
}

// Forgets what the cloud has had for two weeks, an hour at a time; whatever fails is tried then again.
function keepTidy(node: TillNode): void {
  const tidy = () => {
    pruneFacts(node.db, { acks: node.outbox.acks(), nowMs: node.nowMs() }).catch(() => 0)
    waitMs(pruneEveryMs, tidy)
  }
  waitMs(60_000, tidy)
}
