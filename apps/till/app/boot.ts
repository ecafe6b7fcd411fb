import type { Before } from '../device/set-up-state.ts'
import { findWitness, leaveShutdownMark, takeStartMarks } from '../device/start-marks.ts'
import type { Witness } from '../device/witness.ts'
import { openTillDb, type TillDb } from '../journal/database.ts'
import { type Device, readKept } from '../journal/kept.ts'
import { takeWriterLock } from '../journal/writer-lock.ts'
import type { TillNode } from './node.ts'
import { startNode } from './start-node.ts'

/** How far the page has come. */
export type Boot =
  | { readonly is: 'starting' }
  /** Another tab of this profile is the till. */
  | { readonly is: 'elsewhere' }
  /** The browser does not give its storage. */
  | { readonly is: 'broken' }
  /** No till yet, or one that is set up again, or one whose data the browser threw away. */
  | {
      readonly is: 'set_up'
      readonly db: TillDb
      readonly before?: Before
      readonly gone?: Witness | undefined
    }
  | { readonly is: 'running'; readonly node: TillNode }

const databaseName = 'tillkeeper-till'

/** Starts the page: the writer's lock, the database, and the till, if this browser is one. */
export async function boot(onBoot: (boot: Boot) => void): Promise<void> {
  const writer = await takeWriterLock(navigator.locks)
  if (writer.is === 'elsewhere') {
    onBoot({ is: 'elsewhere' })
    await writer.freed
    // The other tab wrote since this one was opened: everything is read afresh.
    location.reload()
    return
  }
  try {
    const db = await openTillDb(databaseName, () => location.reload())
    const device = await readKept(db, 'device')
    if (device === undefined) onBoot({ is: 'set_up', db, gone: findWitness(localStorage) })
    else onBoot({ is: 'running', node: await run(db, device) })
  } catch {
    onBoot({ is: 'broken' })
  }
}

/** Starts the till in a browser that was just set up as one. */
export async function run(db: TillDb, device: Device): Promise<TillNode> {
  const storage = localStorage
  const marks = await takeStartMarks({ db, storage, crypto })
  const node = await startNode({ db, device, storage, marks })
  window.addEventListener('pagehide', () => leaveShutdownMark(storage, node.journal.mark()))
  // A page that comes back out of the browser's memory has left its mark, and must not seal on.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload())
  window.addEventListener('online', node.link.start)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') node.link.start()
  })
  void askForStorage(node)
  return node
}

// Browsers clear what they did not promise to keep when a disk is full. Asking costs nothing.
async function askForStorage({ state }: TillNode): Promise<void> {
  const kept = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.())
  state.setState({ storage: kept ? 'kept' : 'not_promised' })
}
