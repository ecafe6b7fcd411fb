import { fileURLToPath } from 'node:url'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Which file begins first. A story that begins last is waited for by everybody, on one core; so the
// longest begin first, and what takes no time fills the gaps that they leave while they wait.

/**
 * The files that take longer than twenty seconds where nothing else runs, longest first. One that is
 * missing here is run after these: that costs time and nothing else.
 */
const longest = [
  'e2e/office.e2e.ts',
  'sim/sim.pg.test.ts',
  'e2e/crash.e2e.ts',
  'e2e/till-copies.e2e.ts',
  'tools/drill/drill.e2e.ts',
  'e2e/till.e2e.ts',
  'e2e/machine.e2e.ts',
  'tools/start/start.e2e.ts',
  'apps/store/reconcile/reconcile.pg.test.ts',
  'packages/postgres/start-postgres.pg.test.ts',
  'e2e/bench-sale.e2e.ts',
  'e2e/office-attention.e2e.ts',
  'apps/store/sync/mend-streams.pg.test.ts',
  'packages/projections/replicas.pg.test.ts',
  'e2e/till-loss.e2e.ts',
  'apps/store/bootstrap/bootstrap.pg.test.ts',
  'apps/store/sync/cloud-restored.pg.test.ts',
]

const root = fileURLToPath(new URL('../../', import.meta.url))
const places = new Map(longest.map((file, place) => [`${root}${file}`, place]))
const placeOf = ({ moduleId }: TestSpecification) => places.get(moduleId) ?? longest.length

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files)
    return others.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
