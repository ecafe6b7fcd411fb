import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { mutants } from './mutants.ts'

// Loaded before all else in a process that plays a mutant: one file is read with its mistake in it. The
// files on the disk are never touched.

const name = process.env.SIM_MUTANT ?? ''
const mutant = mutants.find((each) => each.name === name)
if (name !== '' && mutant === undefined) throw new Error(`there is no mutant "${name}"`)

if (mutant !== undefined) {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const path = join(root, mutant.file)
  const url = pathToFileURL(path).href
  let source = readFileSync(path, 'utf8')
  for (const [find, replace] of mutant.edits) {
    const times = source.split(find).length - 1
    // The code has moved: a mutant that changes nothing would look like a checker that sees nothing.
    if (times !== 1) throw new Error(`"${find}" stands ${times} times in ${mutant.file}`)
    source = source.replace(find, () => replace)
  }
  registerHooks({
    load: (asked, context, next) =>
      asked === url
        ? { format: 'module-typescript', source, shortCircuit: true }
        : next(asked, context),
  })
}
