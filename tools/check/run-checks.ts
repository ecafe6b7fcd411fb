import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const checks = {
  'format and lint': ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  types: ['node_modules/typescript/bin/tsc', '-p', '.'],
  tidy: ['tools/tidy.ts'],
} as const

/** Runs the checks one after the other, with their output. Returns how many failed. */
export async function runChecks(): Promise<number> {
  let failed = 0
  for (const [name, [program, ...args]] of Object.entries(checks)) {
    const code = await runNode([join(root, program), ...args])
    process.stdout.write(`${name}: ${code === 0 ? 'passed' : 'FAILED'}\n`)
    if (code !== 0) failed += 1
  }
  return failed
}

/** Runs a program on this Node in the repository's root, and gives its exit code. */
export function runNode(args: readonly string[], env = process.env): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
