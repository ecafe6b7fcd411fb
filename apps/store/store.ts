import { hkdfSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { BootstrapProgress } from '@tillkeeper/client/api/shapes.ts'
import type { TillId } from '@tillkeeper/core/base/id.ts'
import { createAccessTokens } from '@tillkeeper/http/auth/access-token.ts'
import { authRoutes, pinRoutes } from '@tillkeeper/http/auth/auth-routes.ts'
import { createAuthenticate } from '@tillkeeper/http/auth/authenticate.ts'
import { createHasher } from '@tillkeeper/http/auth/hashing.ts'
import { answerExpenseRoutes } from '@tillkeeper/http/expense/answer-expense-routes.ts'
import { createLiveHub, type LiveHub } from '@tillkeeper/http/live/live-hub.ts'
import { liveRoutes } from '@tillkeeper/http/live/live-routes.ts'
import { healthRoutes } from '@tillkeeper/http/observe/health-routes.ts'
import { createMetrics, type Metrics } from '@tillkeeper/http/observe/metrics.ts'
import { docsRoutes } from '@tillkeeper/http/openapi/docs-routes.ts'
import { describeApi } from '@tillkeeper/http/openapi/openapi.ts'
import type { Refusal } from '@tillkeeper/http/problem/refusals.ts'
import { readRoutes } from '@tillkeeper/http/reads/read-routes.ts'
import type { LinkStatus } from '@tillkeeper/http/reads/sync-status-routes.ts'
import { logReport } from '@tillkeeper/http/reconcile/log-report.ts'
import { openReconciler } from '@tillkeeper/http/reconcile/open-reconciler.ts'
import type { Peer } from '@tillkeeper/http/reconcile/peer.ts'
import { reconcileRoutes } from '@tillkeeper/http/reconcile/reconcile-routes.ts'
import type { Reconciler } from '@tillkeeper/http/reconcile/schedule-reconcile.ts'
import {
  createServer,
  type Server,
  type ServerOptions,
} from '@tillkeeper/http/server/create-server.ts'
import { isOutage } from '@tillkeeper/http/server/error-refusal.ts'
import type { Child } from '@tillkeeper/http/sync/child.ts'
import { digestRoutes } from '@tillkeeper/http/sync/digest-routes.ts'
import { identityRoutes } from '@tillkeeper/http/sync/identity-routes.ts'
import { createPokeHub, type PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { pokeRoute } from '@tillkeeper/http/sync/poke-route.ts'
import { type Projector, runProjector } from '@tillkeeper/http/sync/run-projector.ts'
import { snapshotRoutes } from '@tillkeeper/http/sync/snapshot-routes.ts'
import { syncRoutes } from '@tillkeeper/http/sync/sync-routes.ts'
import { measureSync } from '@tillkeeper/http/sync-health/measure-sync.ts'
import { webAppRoutes } from '@tillkeeper/http/web/web-app-routes.ts'
import type { Db, MigrationSet } from '@tillkeeper/projections/db.ts'
import { type Author, nodeAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { ensureStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { listTillKeys } from '@tillkeeper/projections/till/till-device-sql.ts'
import type { RenewRequest } from '@tillkeeper/sync/message/messages.ts'
import type { StoreNode } from './act/record-act.ts'
import { approvalRoutes } from './approval/approval-routes.ts'
import { attachmentRoutes } from './attachment/attachment-routes.ts'
import { drawerRoutes } from './drawer/drawer-routes.ts'
import { editRoutes } from './edit/edit-routes.ts'
import { storeExpenseRoutes } from './expense/expense-routes.ts'
import { epochOf, type Identity } from './node/identity.ts'
import { rateRoutes } from './rate/rate-routes.ts'
import { attemptRoutes } from './recycler/attempt-routes.ts'
import { liveNewsRoutes } from './recycler/live-news.ts'
import type { MachineSecrets } from './recycler/machine-secrets.ts'
import { openMachines } from './recycler/open-machines.ts'
import { recyclerRoutes } from './recycler/recycler-routes.ts'
import type { Recyclers } from './recycler/run-recyclers.ts'
import { refundRoutes } from './refund/refund-routes.ts'
import { voidRoutes } from './refund/void-routes.ts'
import { safeRoutes } from './safe/safe-routes.ts'
import { type AskedSale, completeSales, type SaleOutcome } from './sale/complete-sale.ts'
import { completeSaleRoutes } from './sale/complete-sale-routes.ts'
import { cloudPeer } from './sync/cloud-ports.ts'
import { enrolTillRoutes } from './till/enrol-till-routes.ts'
import { renewTill } from './till/renew-till.ts'
import { sessionLifeRoutes } from './till/session-life-routes.ts'
import { actsOfStoreRoute, sessionsOfTillRoute } from './till/sessions-of-till-routes.ts'
import { tillSessionRoutes } from './till/till-session-routes.ts'
import { verifyRoutes } from './verify/verify-routes.ts'
import { type AnyWriter, createWriter, type Writer } from './writer/writer.ts'

/** What a store server adds to the shared tables: the guard of its cash. */
export const storeMigrations: MigrationSet = {
  folder: new URL('./migrations/', import.meta.url),
  versionTable: 'store_schema_version',
}

/** This program's, as it says it to the cloud and in its API's description. */
export const version = '0.1.0'

/**
 * An act is the same few statements each time, and finds everything by key. So they are planned once
 * (each bind took a tenth of a millisecond for a plan that was thrown away), and never as a walk through
 * a table, which a plan made before the first statistics may be for as long as the connection lives.
 */
export const writerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
} as const
/** One writes; the other stands by for when the first is lost. */
export const writerConnections = 2

export type StoreOptions = {
  /** Migrated. */
  readonly db: Db
  /** The same, for recording acts: see `writerSettings`. Left out: `db` itself. */
  readonly writeDb?: Db
  readonly identity: Identity
  /** Where passwords of machines are kept; left out: in memory, until the process ends. */
  readonly dataDir?: string
  readonly now: () => Date
  readonly log?: ServerOptions['log']
  readonly trustProxy?: readonly string[] | undefined
  readonly checkReplies?: boolean
  /** How the link to the cloud stands. */
  readonly linkStatus: () => LinkStatus
  /** How far the first load is; `undefined`, or left out, once the shop's data is whole. */
  readonly bootstrap?: () => BootstrapProgress | undefined
  /** The cloud, to compare stored data with; left out: this shop is on its own. */
  readonly peer?: Peer | undefined
  /** Facts were journalled here, by us or by a till: there is something to carry to the cloud. */
  readonly onJournalled: () => void
}

/** A shop's server, in parts: main.ts runs them, tests ask them. */
export type Store = {
  readonly app: Server
  readonly node: StoreNode
  readonly metrics: Metrics
  readonly live: LiveHub
  /** Tells tills that a feed grew, or that the cloud has their facts. */
  readonly pokes: PokeHub
  /** Projects what was received; our own acts are projected as they are recorded. */
  readonly projector: Projector
  /** Compares stored data with the cloud's, and with itself. */
  readonly reconciler: Reconciler
  /** The shop's cash machines. */
  readonly recyclers: Recyclers
  /**
   * Goes on selling in another epoch: in the writer's turn, after what was begun in the old one, and
   * after `persist` has written it down. False where too many wait for the writer: nothing changed.
   */
  readonly goOnIn: (epoch: string, persist: () => Promise<void>) => Promise<boolean>
  readonly stop: () => Promise<void>
}

/** Puts a shop's server together. It does not listen, and it talks to nobody by itself. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { db, identity, now } = options
  const { org, shopId } = identity
  const author = nodeAuthor(org, identity.author, epochOf(identity))
  await ensureStream(db, org, author.stream)

  const metrics = createMetrics('store')
  const tokens = createAccessTokens(identity.tokenKey, `store:${shopId}`)
  const authenticate = createAuthenticate({ db, tokens, now, org, shop: shopId })
  const { log, trustProxy, checkReplies } = options
  const app = createServer({
    authenticate,
    metrics,
    closedFor: closedFor(options),
    ...(log === undefined ? {} : { log }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(checkReplies === undefined ? {} : { checkReplies }),
  })
  const onFault = (error: unknown) => app.log.error({ err: error }, 'projecting')
  const live = createLiveHub(db, onFault)
  const parts: { recyclers?: Recyclers } = {}
  const onMachineFault = (error: unknown) => app.log.error({ err: error }, 'machines')
  const lookAtMachines = pace(() => void parts.recyclers?.refresh(), lookAgainMs)
  const projector = runProjector({
    ...{ db, now, onFault, onEvents: (its) => live.poke(its) },
    onProjected: lookAtMachines,
  })
  const pokes = createPokeHub()
  const tellTills = pace(pokes.lookAgain, lookAgainMs)
  const onRecorded = () => {
    live.poke(org)
    tellTills()
    options.onJournalled()
  }
  const node: StoreNode & { author: Author } = {
    db,
    writeDb: options.writeDb ?? db,
    org,
    shopId,
    author,
    now,
    onRecorded,
  }
  const writer = createWriter<AskedSale, SaleOutcome>({
    completeSales: (sales) => completeSales(node, sales),
    isOutage,
  })
  const reconciler = openReconciler({
    ...{ db, now, node: identity.author, parent: cloudPeer, peer: options.peer },
    orgs: async () => [org],
    pause: () => whileBusy(writer),
    onMended: () => projector.wake(org),
    onReport: (_, report) => logReport(app.log, report),
    onFault: (error) => app.log.error({ err: error }, 'comparing data'),
  })
  const machines = await openMachines(node, { ...options, onFault: onMachineFault })
  parts.recyclers = machines.recyclers
  const { recyclers, secrets } = machines
  const held = { live, pokes, projector, reconciler, recyclers, secrets }
  const store = { app, node, metrics, authenticate, writer, ...held }
  await registerShared(store, options, tokens)
  await registerOwn(store, options)
  measure(store, options)
  return {
    ...store,
    goOnIn: async (epoch, persist) => {
      const next = nodeAuthor(org, identity.author, epoch)
      await ensureStream(db, org, next.stream)
      const turned = await writer.act(async () => {
        await persist()
        node.author = next
        return undefined
      })
      return turned === undefined
    },
    stop: async () => {
      await app.close()
      live.close()
      await Promise.all([projector.stop(), reconciler.stop(), machines.close()])
    },
  }
}

type Parts = Omit<Store, 'stop' | 'goOnIn'> & {
  readonly secrets: MachineSecrets
  readonly authenticate: ServerOptions['authenticate']
  readonly writer: Writer<AskedSale, SaleOutcome>
}

/** What the cloud serves too. */
async function registerShared(
  { app, metrics, live, node, reconciler, authenticate }: Parts,
  options: StoreOptions,
  tokens: ReturnType<typeof createAccessTokens>,
): Promise<void> {
  const { db, identity, now, linkStatus, bootstrap } = options
  const title = 'Tillkeeper store server'
  const description = 'A shop’s server: sales, refunds and cash, with or without the internet.'
  await describeApi(app, { title, version, description })
  await app.register(
    healthRoutes({ metrics, ready: () => answers(db), closedFor: closedFor(options) }),
  )
  await app.register(docsRoutes())
  const login = {
    ...{ db, tokens, now, org: identity.org, shop: identity.shopId },
    hasher: createHasher(identity.pepper),
    refreshSecret: refreshSecretOf(identity),
  }
  await app.register(approvalRoutes({ node, login }))
  await app.register(authRoutes(login))
  await app.register(pinRoutes(login))
  await app.register(
    readRoutes({
      ...{ db, now, build: version, parent: cloudPeer, linkStatus, bootstrap },
      authorOf: () => node.author,
      onSettled: () => node.onRecorded(),
      onProjected: (org) => live.poke(org),
    }),
  )
  await app.register(reconcileRoutes({ db, reconcileNow: reconciler.now }))
  await app.register(liveRoutes({ hub: live, authenticate, now }))
  const apps = [
    { prefix: '/office/', folder: new URL('../office/out/', import.meta.url) },
    { prefix: '/till/', folder: new URL('../till/out/', import.meta.url) },
  ] as const
  await app.register(webAppRoutes(apps.filter(({ folder }) => existsSync(folder))))
}

/** What only a shop does: acts, and its tills' sync. */
async function registerOwn(
  { app, node, projector, pokes, authenticate, writer, recyclers, secrets }: Parts,
  { onJournalled, now }: StoreOptions,
): Promise<void> {
  await app.register(attemptRoutes({ node, recyclers }))
  await app.register(recyclerRoutes({ node, writer, recyclers, secrets }))
  await app.register(liveNewsRoutes({ shopId: node.shopId, recyclers, authenticate }))
  await app.register(completeSaleRoutes({ node, writer }))
  await app.register(refundRoutes({ node, writer }))
  await app.register(voidRoutes({ node, writer }))
  await app.register(tillSessionRoutes({ node, writer }))
  await app.register(sessionLifeRoutes({ node, writer }))
  await app.register(sessionsOfTillRoute(node))
  await app.register(actsOfStoreRoute(node))
  await app.register(verifyRoutes({ node, writer }))
  await app.register(safeRoutes({ node, writer }))
  await app.register(enrolTillRoutes({ node }))
  await app.register(drawerRoutes({ node, writer }))
  await app.register(attachmentRoutes({ node, writer }))
  await app.register(editRoutes({ node, writer }))
  await app.register(storeExpenseRoutes({ node, writer }))
  await app.register(
    answerExpenseRoutes({
      ...{ db: node.db, now },
      actAuthorOf: () => node.author,
      onActed: () => node.onRecorded(),
    }),
  )
  await app.register(rateRoutes({ node, writer }))
  const parent = {
    ...{ db: node.db, now, authenticate, hub: pokes, cloudPeer },
    // Credentials stop here: no till ever holds a hash.
    scopesOf: () => ['org'],
    authorsOf: async (child: Child) => new Set([child.author]),
    keysOf: async ({ org, id }: Child) => [
      ...new Set((await listTillKeys(node.db, org, id as TillId)).values()),
    ],
    renew: (child: Child, request: RenewRequest) => renewTill(node, child, request),
    onReceived: () => {
      projector.wake(node.org)
      onJournalled()
    },
  }
  await app.register(syncRoutes(parent))
  await app.register(snapshotRoutes(parent))
  await app.register(digestRoutes(parent))
  await app.register(identityRoutes(parent))
  await app.register(pokeRoute(parent))
}

function measure({ metrics, node, writer }: Parts, { linkStatus }: StoreOptions): void {
  metrics.gauge('store_acts_waiting', 'Acts that wait for the writer.', (gauge) =>
    gauge.set(writer.waiting()),
  )
  const { db, org, now } = node
  measureSync(metrics, { db, now, up: { org, parent: cloudPeer, linkStatus } })
}

/** A shop that is half loaded would show half of its sales, and let half of its people in. */
function closedFor({ bootstrap }: StoreOptions): () => Refusal | undefined {
  return () => {
    const progress = bootstrap?.()
    if (progress === undefined) return undefined
    return { code: 'bootstrapping', retryAfterSeconds: 1, ...progress }
  }
}

/** Acts of an API come by the dozen in a second, and a till asks for all of them at once. */
const lookAgainMs = 1_000

/** Calls at once, and once more after a pause if it was asked for in it. */
function pace(call: () => void, pauseMs: number): () => void {
  let asked: 'no' | 'resting' | 'again' = 'no'
  const turn = (): void => {
    asked = 'resting'
    call()
    setTimeout(pauseMs, undefined, { ref: false }).then(() => {
      if (asked === 'again') turn()
      else asked = 'no'
    })
  }
  return () => {
    if (asked === 'no') turn()
    else asked = 'again'
  }
}

const busyPollMs = 5

/** Nothing is compared while an act waits to be written. */
async function whileBusy(writer: Pick<AnyWriter, 'waiting'>): Promise<void> {
  do await setTimeout(busyPollMs)
  while (writer.waiting() > 0)
}

const answerMs = 2_000

async function answers(db: Db): Promise<boolean> {
  const late = setTimeout(answerMs, false as const, { ref: false })
  return Promise.race([
    late,
    db`SELECT 1 AS one`.then(
      () => true,
      () => false,
    ),
  ])
}

/** Refresh tokens follow each other by a secret of this server alone, which lives as long as its key. */
function refreshSecretOf({ tokenKey }: Identity): Uint8Array {
  const key = tokenKey.export({ format: 'der', type: 'pkcs8' })
  return new Uint8Array(hkdfSync('sha256', key, '', 'refresh tokens', 32))
}
