import { existsSync } from 'node:fs'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { createAccessTokens } from '@tillkeeper/http/auth/access-token.ts'
import { authRoutes } from '@tillkeeper/http/auth/auth-routes.ts'
import { createAuthenticate } from '@tillkeeper/http/auth/authenticate.ts'
import { createHasher, createHashQueue, type Hasher } from '@tillkeeper/http/auth/hashing.ts'
import { hashSecretKey } from '@tillkeeper/http/auth/secret-key.ts'
import { answerExpenseRoutes } from '@tillkeeper/http/expense/answer-expense-routes.ts'
import { createLiveHub, type LiveHub } from '@tillkeeper/http/live/live-hub.ts'
import { liveRoutes } from '@tillkeeper/http/live/live-routes.ts'
import { healthRoutes } from '@tillkeeper/http/observe/health-routes.ts'
import { createMetrics, type Metrics } from '@tillkeeper/http/observe/metrics.ts'
import { docsRoutes } from '@tillkeeper/http/openapi/docs-routes.ts'
import { describeApi } from '@tillkeeper/http/openapi/openapi.ts'
import { readRoutes } from '@tillkeeper/http/reads/read-routes.ts'
import { logReport } from '@tillkeeper/http/reconcile/log-report.ts'
import { openReconciler } from '@tillkeeper/http/reconcile/open-reconciler.ts'
import { reconcileRoutes } from '@tillkeeper/http/reconcile/reconcile-routes.ts'
import type { Reconciler } from '@tillkeeper/http/reconcile/schedule-reconcile.ts'
import {
  createServer,
  type Server,
  type ServerOptions,
} from '@tillkeeper/http/server/create-server.ts'
import { type Child, tillAuthor } from '@tillkeeper/http/sync/child.ts'
import { digestRoutes } from '@tillkeeper/http/sync/digest-routes.ts'
import { identityRoutes } from '@tillkeeper/http/sync/identity-routes.ts'
import { createPokeHub, type PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { pokeRoute } from '@tillkeeper/http/sync/poke-route.ts'
import { type Projector, readQueueLag, runProjector } from '@tillkeeper/http/sync/run-projector.ts'
import { snapshotRoutes } from '@tillkeeper/http/sync/snapshot-routes.ts'
import type { SyncParent } from '@tillkeeper/http/sync/sync-parent.ts'
import { syncRoutes } from '@tillkeeper/http/sync/sync-routes.ts'
import { measureSync } from '@tillkeeper/http/sync-health/measure-sync.ts'
import { webAppRoutes } from '@tillkeeper/http/web/web-app-routes.ts'
import type { Db, MigrationSet } from '@tillkeeper/projections/db.ts'
import { createReadAhead, type ReadAhead } from '@tillkeeper/projections/journal/read-ahead.ts'
import { cloudAuthor, feedAuthor } from '@tillkeeper/projections/journal/record-facts.ts'
import { chainRoutes } from './chain/chain-routes.ts'
import type { ChainDeps } from './chain/change-chain.ts'
import { endTombstones, listOrgs } from './chain/end-tombstones.ts'
import { entityRoutes } from './chain/entity-routes.ts'
import { createRelay, type Relay } from './chain/relay-edits.ts'
import { shopScope } from './chain/spread-credentials.ts'
import type { CloudKeys, Peppers } from './keys/data-dir.ts'
import { readFeedEpochs } from './node/declare-restored.ts'
import { listNodeKeys } from './node/enrolment-sql.ts'
import { createFindNode } from './node/give-node-token.ts'
import { nodeRoutes, revokeRoutes } from './node/node-routes.ts'
import { renewNode } from './node/renew-node.ts'
import { rateRoutes } from './rate/rate-routes.ts'

const version = '0.1.0'

/** The cloud's own tables. */
export const cloudMigrations: MigrationSet = {
  folder: new URL('./migrations/', import.meta.url),
  versionTable: 'cloud_schema_version',
}

export type CloudOptions = {
  /** Migrated. */
  readonly db: Db
  readonly keys: CloudKeys
  readonly now: () => Date
  readonly log?: ServerOptions['log']
  readonly trustProxy?: readonly string[] | undefined
  readonly checkReplies?: boolean
}

/** The chain's server, in parts: main.ts runs them, tests ask them. */
export type Cloud = {
  readonly app: Server
  readonly metrics: Metrics
  readonly live: LiveHub
  /** Tells store servers that a feed grew. */
  readonly pokes: PokeHub
  /** Projects what store servers brought, behind their acknowledgements. */
  readonly projector: Projector
  /** Compares stored data with itself; store servers compare theirs with it. */
  readonly reconciler: Reconciler
  readonly stop: () => Promise<void>
}

/** What the cloud does about one shop, such as approving an expense: that shop's server holds it. */
const shopFeed = (shopId: ShopId) => `shop:${shopId}`

/** Nobody sells here: what waits may be projected in larger steps than in a shop. */
const projectBatchMax = 2_000

/** Puts the chain's server together. It does not listen. */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { db, keys, now, log, trustProxy, checkReplies } = options
  const metrics = createMetrics('cloud')
  const tokens = createAccessTokens(keys.tokenKey, 'cloud')
  const authenticate = createAuthenticate({
    ...{ db, tokens, now },
    adminKeyHash: hashSecretKey(keys.adminKey),
    findNode: createFindNode(db),
  })
  const app = createServer({
    authenticate,
    metrics,
    ...(log === undefined ? {} : { log }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(checkReplies === undefined ? {} : { checkReplies }),
  })
  const onFault = (error: unknown) => app.log.error({ err: error }, 'projecting')
  const live = createLiveHub(db, onFault)
  const pokes = createPokeHub()
  // They change by a restore alone, and that is declared before a start.
  const epochs = await readFeedEpochs(db)
  const feedEpochOf = (org: OrgId) => epochs.get(org) ?? 1
  const relay = createRelay({ db, now, hub: pokes, feedEpochOf, onFault })
  const readAhead = createReadAhead()
  const projector = runProjector({
    ...{ db, now, onFault, batchMax: projectBatchMax, readAhead, ...relay },
    onEvents: (org) => live.poke(org),
  })
  const reconciler = openReconciler({
    ...{ db, now, node: cloudAuthor },
    orgs: () => listOrgs({ db }),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    onMended: (org) => projector.wake(org),
    onReport: (_, report) => logReport(app.log, report),
    onFault: (error) => app.log.error({ err: error }, 'comparing data'),
  })
  const parts = {
    ...{ app, metrics, live, pokes, projector, reconciler, authenticate, tokens, relay },
    ...{ feedEpochOf, readAhead },
  }
  await registerShared(parts, options)
  await registerOwn(parts, options)
  measure(parts, options)
  const daily = setInterval(() => {
    endOldTombstones({ db, now, hub: pokes, feedEpochOf }).catch(onFault)
  }, dayMs)
  daily.unref()
  return {
    ...parts,
    stop: async () => {
      clearInterval(daily)
      await app.close()
      live.close()
      await Promise.all([projector.stop(), reconciler.stop()])
    },
  }
}

type Parts = Omit<Cloud, 'stop'> & {
  readonly authenticate: ServerOptions['authenticate']
  readonly tokens: ReturnType<typeof createAccessTokens>
  readonly relay: Relay
  readonly feedEpochOf: (org: OrgId) => number
  readonly readAhead: ReadAhead
}

/** What a store server serves too. */
async function registerShared(
  { app, metrics, live, pokes, reconciler, authenticate, tokens, relay, feedEpochOf }: Parts,
  { db, keys, now }: CloudOptions,
): Promise<void> {
  const title = 'Tillkeeper cloud'
  const description = 'A chain’s server: all shops, and what the owner sets up.'
  await describeApi(app, { title, version, description })
  await app.register(
    healthRoutes({ metrics, ready: () => answers(db), queue: () => readQueueLag(db) }),
  )
  await app.register(docsRoutes())
  const hasher = hashersOf(keys.peppers)
  await app.register(authRoutes({ db, tokens, now, hasher, refreshSecret: keys.refreshSecret }))
  const linkStatus = () => ({ linkUp: true, lastContactAt: null })
  await app.register(
    readRoutes({
      ...{ db, now, build: version, parent: undefined, linkStatus },
      authorOf: (org) => feedAuthor(org, 'org', feedEpochOf(org)),
      onSettled: (org, { stream, seq }) => {
        pokes.feedGrew(org, { stream, seq })
        live.poke(org)
      },
      onProjected: (org) => {
        live.poke(org)
        relay.onProjected(org)
      },
      onEdits: relay.onEdits,
    }),
  )
  await app.register(reconcileRoutes({ db, reconcileNow: reconciler.now }))
  await app.register(liveRoutes({ hub: live, authenticate, now }))
  const office = { prefix: '/office/', folder: new URL('../office/out/', import.meta.url) } as const
  await app.register(webAppRoutes(existsSync(office.folder) ? [office] : []))
}

/** What only the cloud does: a chain is set up here, and store servers bring their facts. */
async function registerOwn(
  { app, metrics, live, projector, authenticate, tokens, readAhead, ...parts }: Parts,
  { db, keys, now }: CloudOptions,
): Promise<void> {
  const { pokes: hub, feedEpochOf } = parts
  const hasherOf = hashersOf(keys.peppers)
  await app.register(chainRoutes({ db, now, hub, feedEpochOf, hasherOf, peppers: keys.peppers }))
  await app.register(entityRoutes({ db, now, hub, feedEpochOf }))
  await app.register(
    answerExpenseRoutes({
      ...{ db, now },
      actAuthorOf: (org, shopId) => feedAuthor(org, shopFeed(shopId), feedEpochOf(org)),
      onActed: (org, { stream, seq }) => {
        hub.feedGrew(org, { stream, seq })
        live.poke(org)
      },
    }),
  )
  await app.register(rateRoutes({ db, now, hub, feedEpochOf }))
  await app.register(nodeRoutes({ db, now, hub, feedEpochOf, tokens, keys }))
  await app.register(revokeRoutes({ db, now, hub, feedEpochOf }))
  const refused = metrics.counter('sync_batches_refused_total', 'Batches not taken, by reason.', [
    'code',
  ])
  const parent: SyncParent = {
    ...{ db, now, authenticate, hub, readAhead },
    scopesOf: ({ shopId }) => ['org', shopFeed(shopId), shopScope(shopId)],
    authorsOf: (child) => listAuthors(db, child),
    keysOf: (child) => listNodeKeys(db, child),
    receiptKey: { key: keys.tokenKey, publicKey: keys.publicKey },
    feedEpochOf,
    renew: (child, request) => renewNode({ db, now }, child, request),
    onReceived: (org) => projector.wake(org),
    onNack: ({ org, author }, stream, code) => {
      refused.inc({ code })
      app.log.warn({ org, child: author, stream, code }, 'a batch was not taken')
    },
  }
  await app.register(syncRoutes(parent))
  await app.register(snapshotRoutes(parent))
  await app.register(digestRoutes(parent))
  await app.register(identityRoutes(parent))
  await app.register(pokeRoute(parent))
}

/** A store server brings its own acts, and those of the tills of its shop. */
async function listAuthors(
  db: Db,
  { org, author, shopId }: Child & { readonly org: OrgId; readonly shopId: ShopId },
): Promise<ReadonlySet<string>> {
  const tills = await db<{ id: string }[]>`
    SELECT id FROM till WHERE org_id = ${org} AND shop_id = ${shopId} ORDER BY id
  `
  return new Set([author, ...tills.map(({ id }) => tillAuthor(id))])
}

/** One hasher for each organisation's pepper, and one queue for all, so that logins never take all cores. */
function hashersOf(peppers: Peppers): (org: OrgId | undefined) => Promise<Hasher> {
  const queue = createHashQueue()
  // Somebody unknown is compared with a decoy: under which pepper makes no difference.
  const nobody = createHasher(new Uint8Array(32), queue)
  const known = new Map<OrgId, Hasher>()
  return async (org) => {
    if (org === undefined) return nobody
    const hasher = known.get(org) ?? createHasher(await peppers.of(org), queue)
    known.set(org, hasher)
    return hasher
  }
}

function measure({ metrics, pokes }: Parts, { db, now }: CloudOptions): void {
  metrics.gauge('projection_lag_facts', 'Facts in the journal, not yet in tables.', async (gauge) =>
    gauge.set((await readQueueLag(db)).facts),
  )
  metrics.gauge('projection_lag_seconds', 'Age of the oldest of them.', async (gauge) => {
    const { oldestAt } = await readQueueLag(db)
    gauge.set(oldestAt === null ? 0 : (now().getTime() - Date.parse(oldestAt)) / 1000)
  })
  measureSync(metrics, { db, now })
  metrics.gauge('sync_poke_lines', 'Store servers that listen.', (gauge) =>
    gauge.set(pokes.lines()),
  )
}

const dayMs = 86_400_000

async function endOldTombstones(deps: ChainDeps): Promise<void> {
  for (const org of await listOrgs(deps)) await endTombstones(deps, org)
}

const answerMs = 2_000

async function answers(db: Db): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, answerMs, false).unref())
  return Promise.race([
    late,
    db`SELECT 1 AS one`.then(
      () => true,
      () => false,
    ),
  ])
}
