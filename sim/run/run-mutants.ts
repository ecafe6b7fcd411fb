import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { mutants, type Play } from '../mutants/mutants.ts'
import type { MutantAnswer } from '../mutants/play-mutant.ts'
import type { Asked } from './arguments.ts'

export type MutantFigures = { readonly mutants: number; readonly survived: readonly string[] }

/** A broken copy may never come to rest; then it was caught too, by our patience. */
const playMaxMs = 240_000
/** Of what turned red, as much is told. */
const whyMax = 120
/** Node's own: a play waits for what its world cannot bring, which tells nothing of the copy. */
const unsettledCode = 13
const hook = fileURLToPath(new URL('../mutants/mutate-hook.ts', import.meta.url))
const player = fileURLToPath(new URL('../mutants/play-mutant.ts', import.meta.url))

/** Plays every broken copy; the copy that is not broken must come through the same plays. */
export async function runMutants({ options }: Asked): Promise<MutantFigures> {
  const named = options.get('mutants') ?? ''
  const chosen = mutants.filter(({ name }) => name.includes(named))
  const survived: string[] = []
  const asItIs = { name: '', breaks: 'nothing', plays: wholePlays() }
  const tasks: {
    readonly name: string
    readonly breaks: string
    readonly plays: readonly Play[]
  }[] = named === '' ? [asItIs, ...chosen] : [...chosen]
  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const answer = await playIn(task.name, task.plays)
      const caught = answer.red !== undefined
      const label = task.name === '' ? 'the code as it is' : task.name
      if (caught !== (task.name !== '')) survived.push(label)
      const how =
        answer.red === undefined
          ? 'all green'
          : `${answer.red.checker}: ${answer.red.why.slice(0, whyMax)} (${JSON.stringify(answer.play)})`
      process.stderr.write(
        `${label} (breaks ${task.breaks})\n        ${how.replaceAll('\n', ' ')}\n`,
      )
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return { mutants: chosen.length, survived }
}

/** Every play of every mutant, once. */
function wholePlays(): readonly Play[] {
  const plays = new Map(
    mutants.flatMap((mutant) => mutant.plays).map((play) => [JSON.stringify(play), play]),
  )
  return [...plays.values()]
}

function playIn(name: string, plays: readonly Play[]): Promise<MutantAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', hook, player, JSON.stringify(plays)], {
      env: { ...process.env, SIM_MUTANT: name },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let errors = ''
    let late = false
    child.stdout.on('data', (text: Buffer) => {
      output += String(text)
    })
    child.stderr.on('data', (text: Buffer) => {
      errors = (errors + String(text)).slice(-2_000)
    })
    const end = () => {
      late = true
      child.kill('SIGKILL')
    }
    // The code as it is has all plays before it, and is waited for.
    const timer = name === '' ? undefined : setTimeout(end, playMaxMs)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      const last = output.trim().split('\n').at(-1) ?? ''
      if (late) {
        resolve({ red: { checker: 'time', why: 'it never came to rest', atMs: 0 }, played: 0 })
      } else if (last.startsWith('{')) resolve(JSON.parse(last) as MutantAnswer)
      else if (code === unsettledCode || /stands [0-9]+ times in/.test(errors)) {
        reject(new Error(`${name}: ${errors.trim()}`))
      }
      // A world that throws out of its own loop is red as well.
      else
        resolve({
          red: { checker: 'bug', why: errors.trim().split('\n').at(-1) ?? '', atMs: 0 },
          played: 0,
        })
    })
  })
}
