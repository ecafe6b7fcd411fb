import { type Drill, type DrillResult, withDrill } from './open-drill.ts'

// The three disasters that a chain must live through, each on real processes (docs/operate).

type Run = (drill: Drill) => ReturnType<Drill['compare']>

const few = 20

async function times(count: number, act: () => unknown): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) await act()
}

/** Both tills and another system sell, and the cloud has it all. */
async function trade({ store, tills, sellAt, until, say }: Drill): Promise<void> {
  say('selling')
  await times(few, () => sellAt(store))
  for (const till of tills) await times(few, till.sell)
  await until('the cloud has what was sold', async () =>
    tills.every((till) => till.waiting().cloud === 0),
  )
}

/** The shop's machine burns while the line is down and its tills hold what nobody else has. */
const burnStore: Run = async (drill) => {
  const { chain, store, tills, say, cut, heal, until, compare } = drill
  await trade(drill)
  cut()
  say('the line to the cloud is down; the tills sell on')
  for (const till of tills) await times(few, till.sell)
  await until('the store server has what its tills sold', async () =>
    tills.every((till) => till.waiting().store === 0),
  )
  say('the store server burns, with its database; the tills sell on')
  const replaced = (async () => {
    heal()
    await chain.replaceStore(store)
  })()
  for (const till of tills) await times(few, till.sell)
  await replaced
  say('another server stands in its place; waiting for the tills')
  await until('the cloud has what the tills held', async () =>
    tills.every((till) => till.waiting().cloud === 0),
  )
  return compare([store, chain.cloud])
}

/** The cloud comes back as it was yesterday, and has lost a day of sales and settings. */
const restoreCloud: Run = async (drill) => {
  const { chain, store, tills, say, sellAt, until, compare } = drill
  await trade(drill)
  say('the cloud is backed up')
  const backup = await chain.keepCopy(chain.cloud, { of: 'database' })
  await trade(drill)
  await drill.changeCategory('Drinks')
  await until('the shop has the new category', async () => {
    return (await drill.categoryAt(store)) === 'Drinks'
  })
  say('the cloud is lost; the shop sells on')
  const restored = backup.restore()
  await times(few, () => sellAt(store))
  for (const till of tills) await times(few, till.sell)
  await restored
  say('the cloud is back, as it was at its backup')
  await until('the cloud has the settings that only the shop still knew', async () => {
    return (await drill.categoryAt(chain.cloud)) === 'Drinks'
  })
  return compare([store, chain.cloud])
}

/** An image of the shop's machine is started twice, and both sell. */
const cloneStore: Run = async (drill) => {
  const { chain, store, say, cut, heal, sellAt, compare } = drill
  await trade(drill)
  say('the store server is copied, and both are started')
  const copy = await chain.cloneStore(store)
  cut()
  await times(few, () => sellAt(store))
  await times(few, () => sellAt(copy))
  heal()
  say('both sold while the line was down, and it is back')
  await times(few, () => sellAt(store))
  await times(few, () => sellAt(copy))
  return compare([chain.cloud])
}

export const drills = {
  'burn-store': burnStore,
  'restore-cloud': restoreCloud,
  'clone-store': cloneStore,
} as const satisfies Readonly<Record<string, Run>>

export type DrillName = keyof typeof drills

/** Runs a drill on a chain of its own. */
export async function runDrill(name: DrillName, say: (line: string) => void): Promise<DrillResult> {
  const startedAt = performance.now()
  const result = await withDrill(say, drills[name])
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  return { drill: name, ...result, seconds }
}

/** Whether a drill ended as it must. */
export function held({ missing, doubled, totals, chain }: DrillResult): boolean {
  return missing === 0 && doubled === 0 && totals === 'equal' && chain === 'ok'
}
