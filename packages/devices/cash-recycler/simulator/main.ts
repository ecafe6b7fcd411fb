import { parseArgs } from 'node:util'
import { startGloryServer } from './glory-server.ts'
import { profileCurrencies, profileNames } from './machine-profiles.ts'
import { hurried, lifelike } from './machine-state.ts'
import { startRestMachine } from './rest-machine.ts'

// `npm run recycler -- --profile CI-10 --currency THB`, or `-- --protocol rest`: one machine on this computer, until
// it is stopped.

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'glory' },
    profile: { type: 'string', default: 'CI-10' },
    currency: { type: 'string', default: 'THB' },
    soap: { type: 'string', default: '0' },
    socket: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    rest: { type: 'string', default: '0' },
    /** Waits as short as they can be, and hands that take by themselves. */
    fast: { type: 'boolean', default: false },
    sessions: { type: 'boolean', default: false },
    occupy: { type: 'boolean', default: false },
  },
})
const profile = profileNames.find((name) => name === values.profile)
const currency = profileCurrencies.find((name) => name === values.currency)
const ports = [values.soap, values.socket, values.control, values.rest].map(Number)
const portsFit = ports.every((port) => Number.isInteger(port) && port >= 0 && port < 65_536)
const [soap = 0, socket = 0, control = 0, rest = 0] = ports
const restUser = { username: 'till', password: 'till' } as const
const restGiveMs = 300

const machine = portsFit ? await start() : undefined
if (machine === undefined) {
  process.stderr.write(
    `usage: npm run recycler -- [--profile ${profileNames.join('|')}] [--currency ${profileCurrencies.join('|')}]\n` +
      '  [--soap PORT] [--socket PORT] [--control PORT] [--sessions] [--occupy] [--fast]\n' +
      'or     npm run recycler -- --protocol rest [--rest PORT] [--control PORT] [--fast]\n',
  )
  process.exit(2)
}
process.stdout.write(machine.about)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void machine.close())
}

async function start() {
  if (values.protocol === 'rest') return startRest()
  if (values.protocol !== 'glory' || profile === undefined || currency === undefined) {
    return undefined
  }
  const { soapUrl, socketUrl, controlUrl, close } = await startGloryServer({
    ...{ profile, currency, ports: { soap, socket, control } },
    settings: { sessionEnable: values.sessions, occupyEnable: values.occupy },
    timings: values.fast ? hurried : lifelike,
    ...(values.fast && { fccTimings: { adjustTimeMs: 10 } }),
  })
  const about =
    `${profile} ${currency}\n` +
    `  SOAP     ${soapUrl}\n  socket   ${socketUrl}\n  by hand  ${controlUrl}\n`
  return { about, close }
}

async function startRest() {
  const giveMs = values.fast ? 1 : restGiveMs
  const made = await startRestMachine({ ...restUser, giveMs, ports: { rest, control } })
  const { username, password } = restUser
  const about =
    'polled THB\n' +
    `  REST     ${made.restUrl}   (user ${username}, password ${password})\n` +
    `  by hand  ${made.controlUrl}\n`
  return { about, close: made.close }
}
