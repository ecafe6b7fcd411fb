import { parseArgs } from 'node:util'
import { startGloryServer } from './glory-server.ts'
import { profileCurrencies, profileNames } from './machine-profiles.ts'
import { hurried, lifelike } from './machine-state.ts'

// `npm run recycler -- --profile CI-10 --currency THB`: one machine on this computer, until it is stopped.

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'CI-10' },
    currency: { type: 'string', default: 'THB' },
    soap: { type: 'string', default: '0' },
    socket: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    /** Waits as short as they can be, and hands that take by themselves. */
    fast: { type: 'boolean', default: false },
    sessions: { type: 'boolean', default: false },
    occupy: { type: 'boolean', default: false },
  },
})
const profile = profileNames.find((name) => name === values.profile)
const currency = profileCurrencies.find((name) => name === values.currency)
const ports = [values.soap, values.socket, values.control].map(Number)
const portsFit = ports.every((port) => Number.isInteger(port) && port >= 0 && port < 65_536)
if (profile === undefined || currency === undefined || !portsFit) {
  process.stderr.write(
    `usage: npm run recycler -- [--profile ${profileNames.join('|')}] [--currency ${profileCurrencies.join('|')}]\n` +
      '  [--soap PORT] [--socket PORT] [--control PORT] [--sessions] [--occupy] [--fast]\n',
  )
  process.exit(2)
}
const [soap = 0, socket = 0, control = 0] = ports
const machine = await startGloryServer({
  ...{ profile, currency, ports: { soap, socket, control } },
  settings: { sessionEnable: values.sessions, occupyEnable: values.occupy },
  timings: values.fast ? hurried : lifelike,
  ...(values.fast && { fccTimings: { adjustTimeMs: 10 } }),
})
process.stdout.write(
  `${profile} ${currency}\n` +
    `  SOAP     ${machine.soapUrl}\n` +
    `  socket   ${machine.socketUrl}\n` +
    `  by hand  ${machine.controlUrl}\n`,
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void machine.close())
}
