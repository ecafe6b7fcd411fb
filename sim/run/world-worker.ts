import { planWorld } from '../worlds/plan-world.ts'
import { type LivedWorld, runWorld } from '../worlds/run-world.ts'

// A process that lives worlds: it is sent a seed and answers with what it saw.

export type WorldTask = { readonly seed: number; readonly twice: boolean; readonly small: boolean }
export type WorldAnswer = Omit<LivedWorld, 'last'> & { readonly same: boolean }

process.on('message', (task: WorldTask) => {
  live(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})

async function live({ seed, twice, small }: WorldTask): Promise<WorldAnswer> {
  const { last: _, ...lived } = await runWorld(planWorld(seed, {}, small))
  const again = twice ? await runWorld(planWorld(seed, {}, small)) : lived
  return { ...lived, same: again.trace === lived.trace }
}
