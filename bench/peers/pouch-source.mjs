// PouchDB on LevelDB with documents in it, which replicates them to a target as often as it is told.
// Told by lines of JSON on standard input; each is answered by one.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import PouchDB from 'pouchdb'

const [folder, file] = process.argv.slice(2)
/** Measured about the same as the default of 100; the larger is the larger batch of ours. */
const batchSize = 1_000
const db = new PouchDB(`${folder}/source`, { auto_compaction: false })

async function fill() {
  const docs = []
  let count = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const fact = JSON.parse(line)
    docs.push({ _id: fact.id, ...fact })
    count += 1
    if (docs.length === batchSize) await db.bulkDocs(docs.splice(0))
  }
  await db.bulkDocs(docs)
  return { docs: count }
}

async function replicate(url) {
  const startMs = performance.now()
  const result = await db.replicate.to(url, { batch_size: batchSize })
  return {
    ms: performance.now() - startMs,
    written: result.docs_written,
    failed: result.errors.length,
  }
}

/** SHA-256 over all documents in the order of their ids, read from a database by its own interface. */
async function digest(url) {
  const from = url === undefined ? db : new PouchDB(url)
  const hash = createHash('sha256')
  let count = 0
  for (let startkey; ; ) {
    const ask = { include_docs: true, limit: batchSize + 1, ...(startkey && { startkey }) }
    const { rows } = await from.allDocs(ask)
    for (const { doc } of rows.slice(0, batchSize)) {
      hash.update(JSON.stringify(doc, Object.keys(doc).sort()))
      count += 1
    }
    if (rows.length <= batchSize) return { count, digest: hash.digest('hex') }
    startkey = rows.at(-1).id
  }
}

const acts = { fill, replicate, digest }
for await (const line of createInterface({ input: process.stdin })) {
  const { act, url } = JSON.parse(line)
  const answer = await acts[act](url).catch((error) => ({ fault: String(error?.message ?? error) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
