import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { LinkState } from '@tillkeeper/sync/link/link-state.ts'
import { runLink } from '@tillkeeper/sync/link/run-link.ts'
import { offsetMsMax } from '@tillkeeper/sync/message/messages.ts'
import { createStore } from 'zustand/vanilla'
import { makeDirectory } from '../catalogue/directory.ts'
import { type FeedInbox, openFeedInbox } from '../catalogue/feed-inbox.ts'
import { loadSnapshot } from '../catalogue/load-snapshot.ts'
import { keepWitness, type StartMarks, witnessOf } from '../device/start-marks.ts'
import { fillTotals } from '../journal/book-session.ts'
import type { TillDb } from '../journal/database.ts'
import { openJournal } from '../journal/journal.ts'
import { type Device, emptyBook, readKept } from '../journal/kept.ts'
import { openOutbox } from '../journal/outbox.ts'
import { pruneFacts } from '../journal/retain.ts'
import { takeTurns } from '../journal/take-turns.ts'
import { browserTimer, browserWire } from '../link/browser-wire.ts'
import { hearing, hearStore, oneAtATime } from '../link/hear-store.ts'
import { lookForLost } from '../link/look-for-lost.ts'
import { mendStream } from '../link/mend-stream.ts'
import { noteReceipts, readReceipts } from '../link/receipts.ts'
import { makeRenewEpoch } from '../link/renew-epoch.ts'
import { openSelf } from '../link/self.ts'
import { tillInbox } from '../link/till-inbox.ts'
import { watchLink } from '../link/watch-link.ts'
import { followMachines } from '../machine/follow-machines.ts'
import { noMachines } from '../machine/live-machines.ts'
import { foundAttempt } from '../machine/machine-state.ts'
import { runPhotoQueue } from '../photo/photo-queue.ts'
import { emptyCart } from '../sale/cart.ts'
import { build, builtMs } from './build.ts'
import { hashBytes, makeId, type TillNode } from './node.ts'
import { waitMs } from './record-act.ts'
import { startTillClock, type TillClock } from './till-clock.ts'
import { addProblem, type Problem, readLine, type TillState } from './till-state.ts'

/** Edits of one import come in many batches: the catalogue is made ready once they pause. */
const settleMs = 120
const pruneEveryMs = 3_600_000
/** How often the device's clock is looked at, beside each act. */
const clockEveryMs = 10_000

type Start = {
  readonly db: TillDb
  readonly device: Device
  readonly storage: Storage
  readonly marks: StartMarks
}

/** Opens everything that this till keeps and begins to talk to its store server. */
export async function startNode(start: Start): Promise<TillNode> {
  const { clock, node } = await openNode(start)
  const { state, outbox, inbox, link } = node
  outbox.onAck(() => state.setState({ sent: outbox.sent() }))
  inbox.onChange(settle(() => readFeed(node)))
  state.subscribe(({ sent }, before) => sent !== before.sent && noteWitness(node))
  if (start.marks.suspect) noteProblem(node, 'copied', node.journal.epoch())
  if (state.getState().ready) link.start()
  else void bootstrap(node).finally(link.start)
  keepTidy(node)
  runPhotoQueue(node)
  followMachines(node)
  watchClock(node, clock)
  return node
}

async function openNode({ db, device, storage, marks }: Start) {
  const read = () => ({ wallMs: Date.now(), monotonicMs: performance.now() })
  const hlcHigh = (await readKept(db, 'clock')) ?? hlcZero
  const clock = startTillClock({ read, hlcHigh, builtMs })
  const { nowMs } = clock
  const sha256 = hashBytes
  const journal = await openJournal({ db, device, sha256, nowMs, start: marks })
  const [outbox, inbox] = await Promise.all([
    openOutbox({ db, journal, sha256 }),
    openFeedInbox({ db, org: device.org, sha256 }),
  ])
  const kept = await readState({ db, device, inbox })
  const state = createStore<TillState>(() => ({
    ...kept,
    line: { is: 'connecting' },
    sent: outbox.sent(),
    problems: [],
    clock: clock.state(),
    storage: 'unknown',
    update: 'none',
  }))
  const parts = { db, device, journal, outbox, inbox, turns: takeTurns(), state, storage, nowMs }
  const link = await runTillLink(parts, { clock, marks })
  const node: TillNode = { ...parts, link }
  return { clock, node }
}

async function readState({
  db,
  device,
  inbox,
}: Pick<Start, 'db' | 'device'> & { readonly inbox: FeedInbox }) {
  const [book, cart, held, lost, receipts, attempts, machines] = await Promise.all([
    readKept(db, 'book'),
    readKept(db, 'cart'),
    readKept(db, 'held'),
    readKept(db, 'lost'),
    readReceipts(db),
    readKept(db, 'attempts'),
    readKept(db, 'machines'),
  ])
  const directory = makeDirectory(inbox.registers())
  return {
    directory,
    ready: directory.tills.has(device.tillId) && directory.shops.has(device.shopId),
    feedHeld: inbox.held(),
    feedHead: inbox.held(),
    book: fillTotals(book ?? emptyBook),
    cart: cart ?? emptyCart,
    held: held ?? [],
    machines: { ...noMachines, register: machines ?? [] },
    attempts: (attempts ?? []).map(foundAttempt),
    lost: lost ?? [],
    receipts,
  }
}

type Parts = Omit<TillNode, 'link'>
type Around = { readonly clock: TillClock; readonly marks: StartMarks }

async function runTillLink(parts: Parts, { clock, marks }: Around): Promise<TillNode['link']> {
  const { db, device, journal, outbox } = parts
  const wire = hearing(
    browserWire(device.token),
    oneAtATime(() => hearStore(parts)),
  )
  const renew = makeRenewEpoch(parts, wire, {
    makeId: () => makeId(parts.nowMs()),
    random: Math.random,
  })
  const fault = (error: unknown) => noteProblem(parts, 'fault', String(error))
  const lookAgain = lookForLost(parts, { wire, missing: marks.missing })
  // What was found is judged anew from here: the link says hello with what is held now.
  const again = (mended: boolean) => {
    if (!mended) return
    link.stop()
    link.start()
  }
  // A store server that cannot grant a major is asked once: each hello would find the same again.
  let drawn = false
  const self = await openSelf({
    ...{ db, org: device.org, crypto, clock },
    health: async () => {
      const oldest = await outbox.oldestUnsentMs()
      return {
        parked: 0, // A till projects nothing.
        clockOffsetMs: Math.max(-offsetMsMax, Math.min(offsetMsMax, clock.state().aheadMs)),
        ...(oldest !== undefined && { oldestUnackedAt: new Date(oldest).toISOString() }),
      }
    },
    onCloned: () => {
      noteProblem(parts, 'cloned', journal.epoch())
      if (drawn) return
      renew().then((how) => {
        drawn = how === 'drawn'
        again(how === 'granted')
      }, fault)
    },
    onReceipts: (receipts) => noteReceipts(parts, receipts),
  })
  let watch = (_: LinkState) => {}
  const link = runLink({
    node: device.author,
    epoch: journal.epoch,
    build,
    self,
    outbox,
    inbox: tillInbox(parts),
    wire,
    timer: browserTimer,
    now: () => new Date(clock.wallMs()).toISOString(),
    random: Math.random,
    onState: (next) => {
      hearLink(parts, next)
      if (parts.state.getState().line.is === 'up') lookAgain().catch(fault)
      watch(next)
    },
    onAlarm: (stream, why) => {
      const code = stream.startsWith('feed/') ? 'feed_stopped' : 'stream_stopped'
      noteProblem(parts, code, `${stream}: ${why}`)
      mendStream({ node: parts, wire, renew }, stream as StreamId, why).then(again, fault)
    },
    onFault: fault,
  })
  watch = watchLink(link)
  return link
}

// A new till takes the catalogue as a snapshot; what is not in it yet, the link pulls.
async function bootstrap({ inbox, device, state }: TillNode): Promise<void> {
  await loadSnapshot({
    inbox,
    token: device.token,
    pause: (ms) => new Promise((resolve) => waitMs(ms, resolve)),
    onTotal: (facts) => state.setState(({ feedHead }) => ({ feedHead: Math.max(feedHead, facts) })),
  })
}

function noteProblem({ state, nowMs }: Parts, code: Problem['code'], about: string): void {
  state.setState(({ problems }) => ({
    problems: addProblem(problems, { code, about, sinceMs: nowMs() }),
  }))
}

function noteWitness(node: Parts): void {
  const { directory } = node.state.getState()
  const tillName = directory.tills.get(node.device.tillId)?.name ?? ''
  const witness = witnessOf(node, tillName)
  if (witness !== undefined) keepWitness(node.storage, witness)
}

// Somebody who sets the device's clock is told quietly; nothing that is recorded follows it.
function watchClock({ state }: Parts, clock: TillClock): void {
  const look = () => {
    const now = clock.state()
    const { clock: before } = state.getState()
    const moved = Math.abs(now.aheadMs - before.aheadMs) > 1_000
    if (moved || now.jumped !== before.jumped) state.setState({ clock: now })
    waitMs(clockEveryMs, look)
  }
  look()
}

function hearLink({ state, nowMs }: Parts, next: LinkState): void {
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

function readFeed({ inbox, state, device }: Parts): void {
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
