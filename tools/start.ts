import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, startChain } from '@tillkeeper/chain/start-chain.ts'
import { demoPlan } from './start/demo-plan.ts'
import { describeChain } from './start/describe-chain.ts'
import { choosePorts, readPort } from './start/ports.ts'

// `npm start`: a demo chain on this machine, ready to sell. Ctrl-C stops all of it; its data stays.

const usage = `npm start -- [--data DIR] [--port N] [--fresh]

  --data DIR  where the chain keeps its data (default: .tillkeeper)
  --port N    the cloud's port; the shops get the next ones (default: 7300)
  --fresh     begin anew: removes what is in the data folder
`
const defaultPort = 7300

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => process.stdout.write(`${line}\n`)
const stopping = new AbortController()

// Whoever read our output may be gone (`npm start | head`); we still stop in order.
process.stdout.on('error', () => {})

let chain: Chain | undefined
let stopped: Promise<void> | undefined
// Repeats change nothing: a terminal and npm both pass Ctrl-C on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

try {
  await start()
} catch (error) {
  say(`\nTillkeeper did not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const startedAt = performance.now()
  const asked = values.port === undefined ? undefined : readPort(values.port)
  const dataDir = values.data === undefined ? join(root, '.tillkeeper') : resolve(values.data)
  if (values.fresh) {
    say(`removing ${dataDir}`)
    await removeChain(dataDir)
  }
  await claimChainFolder(dataDir)
  const ports = await choosePorts(demoPlan.shops.length, { asked, otherwise: defaultPort }, say)

  const logDir = join(dataDir, 'logs')
  const [started, built] = await Promise.allSettled([
    startChain({
      ...{ dataDir, logDir, plan: demoPlan, ports, env: process.env },
      onProgress: say,
      onUnexpectedEnd: (name, how) =>
        say(`${name} ended (${how}), see ${logDir}; the others go on`),
    }),
    buildWebApps(say),
  ])
  if (started.status === 'rejected') throw started.reason
  chain = started.value
  if (built.status === 'rejected') {
    await chain.stop()
    throw built.reason
  }
  if (stopping.signal.aborted) return stop()
  say(describeChain(chain, dataDir))
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  say(`Started in ${seconds} s. Ctrl-C stops everything; the data stays in ${dataDir}\n\nready`)
}

function stop(): Promise<void> | undefined {
  stopping.abort()
  if (chain === undefined) {
    say('stopping as soon as it has started …')
    return undefined
  }
  stopped ??= stopChain(chain)
  return stopped
}

async function stopChain(running: Chain): Promise<void> {
  say('\nstopping')
  await running.stop()
  say('stopped')
  process.exit(0)
}
