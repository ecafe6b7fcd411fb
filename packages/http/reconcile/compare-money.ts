import type { Finding } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import { listHeads } from '@tillkeeper/projections/journal/stream-sql.ts'
import { rebuildProjections } from '@tillkeeper/projections/rebuild/rebuild-projections.ts'
import { raiseTotalsDrift } from '@tillkeeper/projections/reconcile/drift-sql.ts'
import {
  type ActRow,
  claimsAndGaps,
  countActs,
  isAllApplied,
  type MoneyPlace,
  placesMax,
  readActs,
  sums,
} from '@tillkeeper/projections/reconcile/money-sql.ts'
import { closeFound, noteFound } from '@tillkeeper/projections/reconcile/report-sql.ts'
import type { ReconcileDeps, Run } from './run.ts'

/** The hourly run looks at the sessions and days of so many days back; the nightly one at all. */
const recentDays = 2
const dayMs = 86_400_000
/** Building the tables again keeps selling waiting: by day only where it is over in a moment. */
const rebuildFactsByDayMax = 20_000
const actsAtOnce = 1_000
const beginning = '0001-01-01'

/**
 * Level 3: adds money and counts up anew and compares them with the totals that are kept, each act's row
 * with its fact, and what a close said with what its session adds up to. Tables that differ are built again
 * beside those in use and take their place; what still differs is for a person. `isSound`: the journal that
 * they would be built from is.
 */
export async function compareMoney(
  deps: ReconcileDeps,
  run: Run,
  { full, isSound }: { readonly full: boolean; readonly isSound: boolean },
): Promise<void> {
  const { db, org } = deps
  const recent = new Date(deps.now().getTime() - recentDays * dayMs).toISOString().slice(0, 10)
  const look = { full, sinceDay: full ? beginning : recent }
  const found = await findWrongSums(deps, look)
  let left: readonly MoneyPlace[] = found
  const { facts } = await countActs(db, org)
  const mayRebuild = isSound && (full || facts <= rebuildFactsByDayMax)
  if (found.length > 0 && mayRebuild) {
    await rebuildProjections(db, { org })
    deps.onMended()
    left = await findWrongSums(deps, look)
  }
  // Mended or not, a manager is told: a total that moved by itself is never put right in silence.
  await raiseTotalsDrift(db, org, { found, at: deps.now().toISOString() })
  const still = new Set(left.map(({ place }) => place))
  for (const place of found) {
    const open = mayRebuild ? 'unresolved' : 'later'
    await tell(deps, run, { ...place, outcome: still.has(place.place) ? open : 'repaired' })
  }
  // A fact that waits may be the very one that is missing.
  const open = (await isAllApplied(db, org)) ? await ask(deps, claimsAndGaps, look.sinceDay) : []
  for (const place of open) await tell(deps, run, { ...place, outcome: 'unresolved' })
  if (full && left.length === 0 && open.length === 0) await closeFound(db, org, aboutOf(deps))
}

const aboutOf = ({ node, now }: ReconcileDeps) => ({
  kind: 'money_differs' as const,
  node,
  stream: null,
  at: now().toISOString(),
})

async function tell(
  deps: ReconcileDeps,
  run: Run,
  found: MoneyPlace & { readonly outcome: Finding['outcome'] },
): Promise<void> {
  run.findings.push({ level: 'L3', ...found })
  const { place, detail, outcome, what } = found
  const mended = outcome === 'repaired'
  const about = {
    ...aboutOf(deps),
    mended,
    detail: { place, outcome, found: `${what}: ${detail}` },
  }
  if (outcome !== 'later') await noteFound(deps.db, deps.org, about)
}

type Look = { readonly full: boolean; readonly sinceDay: string }

async function findWrongSums(
  deps: ReconcileDeps,
  { full, sinceDay }: Look,
): Promise<readonly MoneyPlace[]> {
  const wrong = [...(await ask(deps, sums, sinceDay))]
  if (full) wrong.push(...(await compareActs(deps)))
  return wrong
}

async function ask(
  { db, org, pause }: ReconcileDeps,
  queries: typeof sums,
  sinceDay: string,
): Promise<readonly MoneyPlace[]> {
  const places: MoneyPlace[] = []
  for (const query of queries) {
    await pause()
    places.push(...(await query(db, org, sinceDay)))
  }
  return places
}

/** Compares each act's row with its fact, and counts that there are no rows without one. */
async function compareActs({ db, org, pause }: ReconcileDeps): Promise<readonly MoneyPlace[]> {
  const places: MoneyPlace[] = []
  let acts = 0
  for (const { stream } of await listHeads(db, org)) {
    for (let after = 0; ; ) {
      await pause()
      const rows = await readActs(db, org, { stream, after, limit: actsAtOnce })
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.seq
      for (const row of rows) {
        if (!row.counts) continue
        acts += 1
        const detail = differenceOf(row)
        if (detail === undefined || places.length >= placesMax) continue
        places.push({ what: 'money_differs', place: `act ${row.id}`, detail })
      }
    }
  }
  const { rows } = await countActs(db, org)
  const place = { what: 'money_differs', place: 'rows of sales and refunds' } as const
  if (rows !== acts) places.push({ ...place, detail: `${rows} rows of ${acts} facts` })
  return places
}

type Body = {
  readonly sessionId?: unknown
  readonly totalMinor?: unknown
  readonly taxMinor?: unknown
  readonly lines?: unknown
}

function differenceOf({ bytes, sessionId, totalMinor, taxMinor, lines }: ActRow) {
  const body = bodyOf(bytes)
  // What is no fact any more is told of by level 1, which mends it.
  if (body === undefined) return undefined
  if (totalMinor === null) return 'the row is missing'
  const said = Array.isArray(body.lines) ? body.lines.length : 0
  const isSame =
    body.totalMinor === totalMinor &&
    body.taxMinor === taxMinor &&
    body.sessionId === sessionId &&
    said === lines
  if (isSame) return undefined
  return `total ${totalMinor}/${String(body.totalMinor)} tax ${taxMinor}/${String(body.taxMinor)} lines ${lines}/${said}`
}

function bodyOf(bytes: Uint8Array): Body | undefined {
  try {
    const { body } = JSON.parse(Buffer.from(bytes).toString()) as { readonly body?: unknown }
    return typeof body === 'object' && body !== null ? body : undefined
  } catch {
    return undefined // No fact any more.
  }
}
