import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkLockfile } from './tidy/lockfile.ts'
import {
  checkFile,
  checkMigrations,
  checkSuppressions,
  type Declared,
  findPackageFolder,
  type SourceFile,
} from './tidy/rules.ts'

// `npm run tidy`: prints every breach of the house's rules that a machine can see, and fails if
// there is one.

/** How often the code silences a checker today. It may only fall. */
const suppressionsMax = 13

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const files = readFiles()
const declared = readDeclared(files)
const problems = [
  ...files.flatMap((file) => checkFile(file, declared)),
  ...checkMigrations(files),
  ...files.filter(({ path }) => path === 'package-lock.json').flatMap(checkLockfile),
  ...checkSuppressions(files, suppressionsMax),
]
for (const { path, line, why } of problems) process.stdout.write(`${path}:${line}: ${why}\n`)
process.stdout.write(`tidy: ${files.length} files, ${problems.length} problems\n`)
process.exitCode = problems.length === 0 ? 0 : 1

/** What git tracks or would track. */
function readFiles(): SourceFile[] {
  const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root })
  return list
    .toString()
    .split('\0')
    .filter((path) => /\.(ts|tsx|mjs|sql|css|json)$/.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function readDeclared(all: readonly SourceFile[]): Declared {
  return new Map(
    all
      .filter(({ path }) => /(^|\/)package\.json$/.test(path))
      .map(({ path, text }) => {
        const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>
        const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
          Object.keys(manifest[kind] ?? {}),
        )
        return [findPackageFolder(path), new Set(names)]
      }),
  )
}
