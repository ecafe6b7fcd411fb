import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'
import { registerRecycler } from '@tillkeeper/chain/register-recycler.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, startChain } from '@tillkeeper/chain/start-chain.ts'
import { type CounterMachine, machineName, startCounterMachine } from './start/counter-machines.ts'
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
let machines: readonly CounterMachine[] = []
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

  // Before the stores, which look for them as they start.
  machines = await Promise.all(
    demoPlan.shops.map((shop, index) =>
      startCounterMachine(shop, ports.machines[index] ?? { page: 0, socket: 0 }, dataDir),
    ),
  )
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
  await registerMachines(chain)
  if (stopping.signal.aborted) return stop()
  say(describeChain(chain, machines, dataDir))
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  say(`Started in ${seconds} s. Ctrl-C stops everything; the data stays in ${dataDir}\n\nready`)
}

async function registerMachines({ plan, stores }: Chain): Promise<void> {
  await Promise.all(
    stores.map(async ({ shop, shopId, url }) => {
      const machine = machines.find((one) => one.shop.code === shop.code)
      if (machine === undefined) return
      const { address } = machine
      const about = { name: machineName, driver: 'glory', address } as const
      say(`${shop.code}: cash machine`)
      await registerRecycler({
        ...{ storeUrl: url, plan, shop: { ...shop, id: shopId } },
        ...about,
      }).catch((error: unknown) => say(`${shop.code}: no cash machine (${String(error)})`))
    }),
  )
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
  await Promise.all(machines.map((machine) => machine.close()))
  say('stopped')
  process.exit(0)
}
