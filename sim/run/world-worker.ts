import { planWorld } from '../worlds/plan-world.ts'
import { type LivedWorld, runWorld } from '../worlds/run-world.ts'

// A process that lives worlds: it is sent a seed and answers with what it saw.

export type WorldTask = { readonly seed: number; readonly twice: boolean; readonly small: boolean }
export type WorldAnswer = Omit<LivedWorld, 'last'> & { readonly same: boolean }

// Some tasks wait here already, so that nobody waits for the next: one world is lived at a time.
let before: Promise<void> = Promise.resolve()
process.on('message', (task: WorldTask) => {
  before = before
    .then(() => live(task))
    .then(
      (answer) => void process.send?.(answer),
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
