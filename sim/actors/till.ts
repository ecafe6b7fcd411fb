import { type OrgId, type ShopId, type TillId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Outbox } from '@tillkeeper/sync/link/ports.ts'
import { type Link, runLink } from '@tillkeeper/sync/link/run-link.ts'
import type { TillNode } from '@tillkeeper/till-app/app/node.ts'
import type { TillState } from '@tillkeeper/till-app/app/till-state.ts'
import { makeDirectory } from '@tillkeeper/till-app/catalogue/directory.ts'
import { openFeedInbox } from '@tillkeeper/till-app/catalogue/feed-inbox.ts'
import { openJournal } from '@tillkeeper/till-app/journal/journal.ts'
import { type Device, emptyBook, readKept } from '@tillkeeper/till-app/journal/kept.ts'
import { openOutbox } from '@tillkeeper/till-app/journal/outbox.ts'
import { pruneFacts } from '@tillkeeper/till-app/journal/retain.ts'
import { takeTurns } from '@tillkeeper/till-app/journal/take-turns.ts'
import { mendStream } from '@tillkeeper/till-app/link/mend-stream.ts'
import { makeRenewEpoch } from '@tillkeeper/till-app/link/renew-epoch.ts'
import { tillInbox } from '@tillkeeper/till-app/link/till-inbox.ts'
import { knockMs } from '@tillkeeper/till-app/link/watch-link.ts'
import { noMachines } from '@tillkeeper/till-app/machine/live-machines.ts'
import { emptyCart } from '@tillkeeper/till-app/sale/cart.ts'
import type { Volume } from '../world/disk.ts'
import type { World } from '../world/world.ts'
import { sha256 } from './hash.ts'
import { openTillDbOn } from './indexed-db.ts'
import { type Alarm, type Machine, makeMachine, noteAlarm, watchState } from './node.ts'
import type { Process } from './process.ts'
import type { Truth } from './truth.ts'
import { findLostAck, makeWire, type Server } from './wire.ts'

/** A till: the real journal, outbox, feed inbox and mending of the app, in a browser that is simulated. */
export type Till = Machine & {
  readonly author: string
  readonly shopId: string
  readonly tillId: string
  /** Makes the profile a till, as an enrolment does. */
  readonly enrol: (epoch: string) => void
  readonly boot: () => void
  /** The page is closed in good order. */
  readonly shutDown: () => Promise<void>
  /** What acts happen on; `undefined` while the page does not run. */
  readonly node: () => TillNode | undefined
  readonly alarms: Alarm[]
}

type Deps = {
  readonly world: World
  readonly truth: Truth
  readonly org: string
  readonly shopId: string
  readonly tillId: string
  readonly author: string
  readonly parent: Server
  /** Of the browser profile: left out, the author's. A copy of a profile speaks as the same author. */
  readonly name?: string
}

const settleMs = 120
const reloadMs = 20_000
const pruneFirstMs = 60_000
const pruneEveryMs = 3_600_000
const markKey = ['mark', 0] as const

export function makeTill(deps: Deps): Till {
  const { world, truth, author, shopId, tillId } = deps
  const { name = author } = deps
  const machine = makeMachine(world, truth, { name, authors: [`${author}:`] })
  let node: TillNode | undefined
  const boot = () => {
    const { process, volume } = machine.begin()
    open(deps, till, { process, volume }).then(
      (opened) => {
        if (!process.alive()) return
        node = opened
      },
      (error: unknown) => {
        world.trace.note(`${author} does not start: ${String(error)}`)
        if (!process.alive()) return
        machine.end()
        // Somebody loads the page again.
        world.time.after(reloadMs, () => {
          if (machine.running() === undefined) boot()
        })
      },
    )
  }
  const till: Till = {
    ...machine,
    author,
    shopId,
    tillId,
    alarms: [],
    boot,
    node: () => node,
    enrol: (epoch) => {
      const device: Device = {
        org: deps.org as OrgId,
        shopId: shopId as ShopId,
        tillId: tillId as TillId,
        author,
        epoch,
        token: author,
        enrolledAt: machine.clock.isoNow(),
      }
      machine.disk.rot('kept', ['device', 0], () => device)
    },
    crash: (...how) => {
      node = undefined
      machine.crash(...how)
    },
    shutDown: async () => {
      const process = machine.running()
      if (node === undefined || process === undefined) return machine.end()
      const mark = node.journal.mark()
      node.link.stop()
      node = undefined
      process.end()
      const volume = machine.disk.mount()
      // A mark that cannot be written is a stop that was not clean; the page is closed all the same.
      await volume
        .commit([{ table: 'local', key: markKey, value: mark }], { strict: false })
        .catch(() => {})
      machine.end()
    },
  }
  return till
}

// As the page starts, with another clock, another wire and other timers (start-node.ts).
async function open(
  deps: Deps,
  till: Till,
  { process, volume }: { readonly process: Process; readonly volume: Volume },
): Promise<TillNode> {
  const { world, org } = deps
  const db = openTillDbOn(volume)
  const device = await readKept(db, 'device')
  if (device === undefined) throw new Error('this browser is no till')
  const mark = await takeMark(volume)
  const { nowMs } = till.clock
  const chance = world.chance.fork(`${deps.author} starts ${world.time.nowMs()}`).next
  const start = { mark, suspect: false, chance: chance() }
  const journal = await openJournal({ db, device, sha256, nowMs, start })
  if (journal.epoch() !== device.epoch) world.counters.count('epoch.minor_raised')
  else if (mark !== undefined) world.counters.count('epoch.continued')
  const [outbox, inbox, book] = await Promise.all([
    openOutbox({ db, journal, sha256 }),
    openFeedInbox({ db, org, sha256 }),
    readKept(db, 'book'),
  ])
  const directory = makeDirectory(inbox.registers())
  const state = makeState({
    ...{ directory, ready: false, feedHeld: inbox.held(), feedHead: 0, book: book ?? emptyBook },
    ...{
      cart: emptyCart,
      held: [],
      ...{ machines: noMachines, attempts: [] },
      line: { is: 'connecting' },
      sent: outbox.sent(),
    },
    ...{ problems: [], lost: [], receipts: new Map(), storage: 'kept', update: 'none' },
    clock: { jumped: false, aheadMs: 0 },
  })
  const parts = {
    ...{ db, device, journal, outbox, inbox, state, nowMs },
    turns: takeTurns(),
    // The simulated page looks at its marks itself.
    storage: {} as Storage,
  }
  const link = openLink(deps, till, process, parts)
  const node: TillNode = { ...parts, link }
  let cancelRead = () => {}
  inbox.onChange(() => {
    cancelRead()
    cancelRead = process.timer.after(settleMs, () =>
      state.setState({ directory: makeDirectory(inbox.registers()), feedHeld: inbox.held() }),
    )
  })

  node.link.start()
  keepTidy(world, node, process)
  return node
}

type Parts = Omit<TillNode, 'link'>

function openLink(at: Deps, self: Till, on: Process, parts: Parts): Link {
  const { journal, outbox, nowMs } = parts
  const watch = watchState(at.world, at.author)
  const knock = knocker(on, () => made)
  const ids = at.world.chance.fork(`${at.author} asks ${at.world.time.nowMs()}`).next
  const wire = makeWire({
    ...at,
    name: at.name ?? at.author,
    process: on,
    server: at.parent,
    token: () => at.author,
  })
  const renew = makeRenewEpoch(parts, wire, {
    makeId: () =>
      uuidv7(
        nowMs(),
        Uint8Array.from({ length: 10 }, () => Math.floor(ids() * 256)),
      ),
    random: ids,
  })
  const made: Link = runLink({
    ...{ node: at.author, epoch: journal.epoch, build: 'sim', inbox: tillInbox(parts) },
    outbox: hearingOutbox(at, outbox),
    wire,
    timer: on.timer,
    now: self.clock.isoNow,
    random: at.world.chance.fork(`${at.author} ${at.world.time.nowMs()}`).next,
    onState: (next) => {
      watch(next)
      knock(next.at === 'backoff' && next.reason === 'unreachable')
    },
    onAlarm: (stream, why) => {
      noteAlarm(self, stream, why)
      mendStream({ node: parts, wire, renew }, stream as StreamId, why).then(
        (mended) => {
          if (!mended) return
          made.stop()
          made.start()
        },
        (error: unknown) => at.world.trace.note(`${at.author} cannot mend: ${String(error)}`),
      )
    },
    onFault: (error) => at.world.trace.note(`${at.author} fault ${String(error)}`),
  })
  return made
}

/** The mark of a page that ended in good order: it is good for one start. */
async function takeMark(volume: Volume): Promise<string | undefined> {
  const mark = volume.get('local', markKey) as string | undefined
  if (mark !== undefined) {
    await volume.commit([{ table: 'local', key: markKey, value: undefined }], { strict: false })
  }
  return mark
}

function hearingOutbox({ world, author }: Deps, outbox: Outbox): Outbox {
  return {
    ...outbox,
    noteAcks: (acks) => {
      for (const { stream, seq } of acks) findLostAck(world, author, stream, seq)
      return outbox.noteAcks(acks)
    },
  }
}

/** A till looks for a store server that is away more often than a link would by itself. */
function knocker(process: Process, link: () => Link): (away: boolean) => void {
  let cancel = () => {}
  return (away) => {
    cancel()
    if (away) cancel = process.timer.after(knockMs, () => link().start())
  }
}

function keepTidy(world: World, node: TillNode, process: Process): void {
  const tidy = () => {
    pruneFacts(node.db, { acks: node.outbox.acks(), nowMs: node.nowMs() }).then(
      (gone) => gone > 0 && world.counters.count('facts.pruned', gone),
      () => 0,
    )
    process.timer.after(pruneEveryMs, tidy)
  }
  process.timer.after(pruneFirstMs, tidy)
}

/** The page's state, without a screen that listens. */
function makeState(first: TillState): TillNode['state'] {
  let held = first
  const store = {
    getState: () => held,
    getInitialState: () => first,
    setState: (change: Partial<TillState> | ((before: TillState) => Partial<TillState>)) => {
      held = { ...held, ...(typeof change === 'function' ? change(held) : change) }
    },
    subscribe: () => () => {},
  }
  return store as TillNode['state']
}
