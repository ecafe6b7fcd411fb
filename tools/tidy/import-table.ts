// Who may import whom. A package that is not here may not exist: add its row, low to high.

const serverParts = ['core', 'facts', 'sync', 'projections', 'http', 'client', 'postgres']
const everyPackage = [...serverParts, 'ui', 'chain']

/** Our own folders, lowest first, and the packages that each may import. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/facts': ['core'],
  'packages/sync': ['core', 'facts'],
  'packages/postgres': [],
  'packages/devices': ['core'],
  'packages/projections': ['core', 'facts'],
  'packages/client': ['core', 'facts'],
  'packages/http': ['core', 'facts', 'sync', 'projections', 'client'],
  'packages/ui': ['core'],
  'packages/chain': ['core', 'client', 'postgres'],
  'apps/store': [...serverParts, 'devices'],
  'apps/cloud': serverParts,
  'apps/till': ['core', 'facts', 'sync', 'ui', 'client'],
  'apps/office': ['core', 'ui', 'client'],
  // It puts simulated machines on the counters of a demo.
  tools: [...everyPackage, 'devices'],
  // A story has a machine on its counter.
  e2e: [...serverParts, 'devices', 'chain'],
  // It races what servers are made of, and fills their databases by it.
  bench: [...serverParts, 'chain', 'devices'],
  'bench/peers': [],
  // It runs what servers and tills are made of, the till's own journal with it, and a machine that plays a machine.
  sim: [...serverParts, 'devices', 'till-app'],
}

/**
 * Folders that run anywhere, from the same inputs to the same outputs, and the libraries that each
 * may use: nothing of Node, nothing of a browser.
 */
export const pureLibraries: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/facts': ['typebox'],
  'packages/sync': ['typebox'],
}

/** What any test may import from outside the package that it tests. */
export const testSupport = /^@tillkeeper\/postgres\/(testing\/|databases\.ts$)|\.gen\.ts$/
