// Faults of a package that its next release may mend, mended here until then: each patch beside this
// file, `<package>-<version>.patch`, is applied to what npm installed. Plain JavaScript, since the
// launcher does it before there is any other Node. A hunk that no longer fits stops the start by name.

import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))

/** All patches, one after the other: what a stamp of the packages has to cover. */
export function readPatches(patches = folder) {
  return patchNames(patches).map((name) => readFileSync(join(patches, name), 'utf8'))
}

/** Applies every patch to the packages in `root`. One that was applied before changes nothing. */
export function repairPackages(root, patches = folder) {
  for (const name of patchNames(patches)) {
    const [, packageName, version] = /^(.+)-([0-9]+[.][0-9]+[.][0-9]+)[.]patch$/.exec(name) ?? []
    const home = join(root, 'node_modules', packageName)
    const found = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version
    if (found !== version) throw new Error(`${name} is for ${version}; ${found} is installed`)
    for (const part of readFileSync(join(patches, name), 'utf8').split(/^--- /m).slice(1)) {
      applyPart(home, part)
    }
  }
}

/** One file's part of a unified diff: each hunk is found by its own lines, wherever they stand. */
function applyPart(home, part) {
  const [head = '', ...hunks] = part.split(/^@@ .*\n/m)
  const file = join(home, head.split('\n')[0].trim())
  let text = readFileSync(file, 'utf8')
  for (const hunk of hunks) {
    const lines = hunk.replace(/\n$/, '').split('\n')
    const before = pick(lines, '-')
    const after = pick(lines, '+')
    if (text.includes(after)) continue
    const at = text.indexOf(before)
    if (at < 0 || text.includes(before, at + 1)) throw new Error(`a repair does not fit ${file}`)
    text = text.slice(0, at) + after + text.slice(at + before.length)
  }
  writeFileSync(`${file}.repaired`, text)
  renameSync(`${file}.repaired`, file)
}

/** The lines of a hunk as they were (`-`) or as they are to be (`+`). */
function pick(lines, sign) {
  const kept = lines.filter((line) => line === '' || line.startsWith(' ') || line.startsWith(sign))
  return kept.map((line) => line.slice(1)).join('\n')
}

function patchNames(patches) {
  return readdirSync(patches)
    .filter((name) => name.endsWith('.patch'))
    .sort()
}
