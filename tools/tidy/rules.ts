import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { mayImport, pureLibraries, testSupport } from './import-table.ts'

// What a compiler and a linter cannot know about this repository. Every rule has a planted fault in
// tidy.test.ts: a rule that has never fired is not a rule.

export type SourceFile = { readonly path: string; readonly text: string }
export type Problem = { readonly path: string; readonly line: number; readonly why: string }
/** The names of the packages that a folder's package.json declares; the root's are under ''. */
export type Declared = ReadonlyMap<string, ReadonlySet<string>>

export const linesMax = 500

type Ban = {
  readonly text: RegExp
  readonly where: RegExp
  readonly inTests: 'too' | 'not'
  readonly why: string
}

const code = /\.(ts|tsx|mjs|sql)$/
const pure = /^packages\/(core|facts|sync)\//
const product = /^(packages|apps)\//

const bans: readonly Ban[] = [
  {
    text: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval)\b|\bperformance\.now\b|\bcrypto\./,
    where: pure,
    inTests: 'not',
    why: 'pass time and chance in',
  },
  {
    text: /\b(parseFloat|toFixed)\b/,
    where: product,
    inTests: 'too',
    why: 'money is whole: no fraction touches it, not even to print',
  },
  {
    text: /\bas Minor\b/,
    where: /^(?!packages\/core\/money\/)/,
    inTests: 'too',
    why: 'minor() makes amounts',
  },
  {
    text: /\bprocess\.env\b/,
    where: /^(packages|apps)\/(?!(.*[/.])?(main|config)\.ts$)/,
    inTests: 'not',
    why: 'main.ts or config.ts reads the environment and passes it on',
  },
  { text: /\bSELECT\s+(DISTINCT\s+)?\*/, where: code, inTests: 'too', why: 'name the columns' },
  {
    text: /\b(test|it|describe|suite)(\.\w+)*\.(only|skip|todo|fails)\b/,
    where: code,
    inTests: 'too',
    why: 'a test runs or is deleted',
  },
  {
    text: /\bFIXME\b|(?<!['"])\bXXX\b/,
    where: code,
    inTests: 'too',
    why: 'finish it before it is merged',
  },
  {
    text: /\bTODO\b(?!.*#[0-9]+)/,
    where: code,
    inTests: 'too',
    why: 'give the number of its issue',
  },
  {
    text: /@ts-(ignore|nocheck)\b/,
    where: code,
    inTests: 'too',
    why: 'give the type, or @ts-expect-error with a reason',
  },
]

// In code `as any` ends an expression; in prose a word follows it.
const suppression = /\bbiome-ignore\b|@ts-expect-error\b|\bas any(?=\s*[)\];,}]|$)/gm
const importPattern =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
const testFile = /\.(test|gen|e2e|bench)\.tsx?$|(^|\/)(testing|stories)\//
const drawer = /(^|\/)(utils?|helpers?|common|shared|types)(\/|\.tsx?$)/

/** Everything wrong with one file, by line. */
export function checkFile(file: SourceFile, declared: Declared): Problem[] {
  const problems = [...checkShape(file), ...checkBans(file)]
  if (/\.(ts|tsx|mjs)$/.test(file.path)) problems.push(...checkImports(file, declared))
  return problems
}

function checkShape({ path, text }: SourceFile): Problem[] {
  const problems: Problem[] = []
  const lines = text.split('\n').length - 1
  if (/\.(ts|tsx|mjs|sql|css)$/.test(path) && lines > linesMax) {
    problems.push({ path, line: lines, why: `${lines} lines: split it, ${linesMax} is the most` })
  }
  if (/(^|\/)index\.ts$/.test(path)) {
    problems.push({ path, line: 1, why: 'no barrels: import the file' })
  }
  if (drawer.test(path) && code.test(path)) {
    problems.push({ path, line: 1, why: 'name the thing: drawers breed duplicates' })
  }
  return problems
}

function checkBans({ path, text }: SourceFile): Problem[] {
  // The rules and their planted faults would be found in their own words.
  if (path.startsWith('tools/tidy/')) return []
  const active = bans.filter(
    ({ where, inTests }) =>
      where.test(path) && code.test(path) && (inTests === 'too' || !testFile.test(path)),
  )
  return text
    .split('\n')
    .flatMap((line, index) =>
      active
        .filter((ban) => ban.text.test(line))
        .map(({ why }) => ({ path, line: index + 1, why })),
    )
}

function checkImports({ path, text }: SourceFile, declared: Declared): Problem[] {
  if (path.startsWith('tools/tidy/') && testFile.test(path)) return []
  const folder = findPackageFolder(path)
  if (folder !== '' && mayImport[folder] === undefined) {
    return [{ path, line: 1, why: `${folder} has no row in the import table` }]
  }
  return [...text.matchAll(importPattern)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? ''
    const why = judgeImport(name, { path, folder, declared })
    const at = match.index + match[0].search(/\S/)
    const line = text.slice(0, at).split('\n').length
    return why === undefined ? [] : [{ path, line, why: `${name}: ${why}` }]
  })
}

type Importer = {
  readonly path: string
  readonly folder: string
  readonly declared: Declared
}

function judgeImport(name: string, importer: Importer): string | undefined {
  const { path, folder } = importer
  if (/\.(test|e2e)\.tsx?$/.test(name)) return 'nobody imports a test'
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name)
    return folder === '' || target.startsWith(`${folder}/`)
      ? undefined
      : 'relative imports stay in their package'
  }
  const own = /^@tillkeeper\/([^/]+)/.exec(name)?.[1]
  return own === undefined ? judgeLibrary(name, importer) : judgeOwn(name, own, importer)
}

function judgeOwn(name: string, own: string, { path, folder, declared }: Importer) {
  if (testFile.test(path) && testSupport.test(name)) return undefined
  if (`packages/${own}` === folder) return 'import your own package by a relative path'
  if (folder !== '' && !mayImport[folder]?.includes(own)) return `${folder} may not import ${own}`
  return declared.get(folder)?.has(`@tillkeeper/${own}`) ? undefined : 'not in package.json'
}

function judgeLibrary(name: string, { path, folder, declared }: Importer): string | undefined {
  const library = /^(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[1] ?? name
  if (library.startsWith('virtual:')) return undefined // Made by a plugin of Vite.
  const isTest = testFile.test(path)
  if (!isTest && pureLibraries[folder]?.includes(library) === false) {
    return `${folder} is pure and may not import this`
  }
  if (isBuiltin(name)) return name.startsWith('node:') ? undefined : 'write node: before it'
  if (declared.get(folder)?.has(library)) return undefined
  // Test tools and the like are declared once, at the root.
  const fromRoot = isTest || /(^|\/)(vite|vitest)\.config\.ts$/.test(path)
  return fromRoot && declared.get('')?.has(library) ? undefined : 'not in package.json'
}

/** `packages/core` for a file in it; `tools` and the like have one name; '' at the root. */
export function findPackageFolder(path: string): string {
  const [first = '', second = '', ...rest] = path.split('/')
  const isGroup = first === 'packages' || first === 'apps'
  if (isGroup || path.startsWith('bench/peers/')) return rest.length > 0 ? `${first}/${second}` : ''
  return second === '' ? '' : first
}

/** How often the files silence a checker. */
export function countSuppressions(files: readonly SourceFile[]): number {
  return files
    .filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('tools/tidy/'))
    .reduce((sum, { text }) => sum + (text.match(suppression)?.length ?? 0), 0)
}

/** The ratchet: more is a step back, and less is locked in, so that it stays so. */
export function checkSuppressions(files: readonly SourceFile[], allowed: number): Problem[] {
  const count = countSuppressions(files)
  if (count === allowed) return []
  const why =
    count > allowed
      ? `${count} suppressions, and ${allowed} is the most: repair instead of silencing`
      : `${count} suppressions are left of ${allowed}: lower the number, so that it stays so`
  return [{ path: 'tools/tidy.ts', line: 1, why }]
}

/** Migrations of one folder are numbered from 1 without gaps. */
export function checkMigrations(files: readonly SourceFile[]): Problem[] {
  const byFolder = Map.groupBy(
    files.filter(({ path }) => /\/migrations\/[0-9]{4}[^/]*\.sql$/.test(path)),
    ({ path }) => posix.dirname(path),
  )
  return [...byFolder.values()].flatMap((migrations) => {
    const numbers = new Set(migrations.map(({ path }) => Number(posix.basename(path).slice(0, 4))))
    return migrations
      .filter(({ path }) => {
        const number = Number(posix.basename(path).slice(0, 4))
        return number !== 1 && !numbers.has(number - 1)
      })
      .map(({ path }) => ({ path, line: 1, why: 'migrations are numbered without gaps' }))
  })
}
