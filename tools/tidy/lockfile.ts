import type { Problem, SourceFile } from './rules.ts'

// `npm ci` may refuse a lockfile in which a dependency is missing, even one for another platform that it
// would not install. npm writes such a lockfile when its registry lacks that package at the moment.

type Entry = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
type Lockfile = { readonly packages: Readonly<Record<string, Entry>> }

/** Dependencies of locked packages that are not locked themselves. */
export function checkLockfile({ path, text }: SourceFile): Problem[] {
  const { packages } = JSON.parse(text) as Lockfile
  return Object.entries(packages).flatMap(([from, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLocked(packages, from, name))
      .map((name) => ({
        path,
        line: 1,
        why: `${name} is missing, which ${from || 'the root'} wants: npm ci may refuse it`,
      })),
  )
}

// As Node finds packages: beside the asker, then in each folder above it.
function isLocked(packages: Lockfile['packages'], from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.split('/').slice(0, -1).join('/')) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) {
      return true
    }
    if (folder === '') return false
  }
}
