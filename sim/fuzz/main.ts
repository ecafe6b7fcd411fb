import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { grewMbMax, runFuzz } from './run-fuzz.ts'

// `npm run fuzz -- recycler [--messages N] [--seed N] [--only LIFE] [--json]`: machines that say anything at all, to
// everything of ours that reads a device's bytes. Progress goes to stderr, the figures to stdout, as the last line.

const usage = 'npm run fuzz -- recycler [--messages N] [--seed N] [--only LIFE] [--json]'
const messagesMax = 100_000_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const whole = (name: string, text: string, max: number) => {
  const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : -1
  if (number < 0 || number > max) throw new Error(`--${name} takes a whole number up to ${max}`)
  return number
}
if (positionals.length !== 1 || positionals[0] !== 'recycler') throw new Error(`usage: ${usage}`)
const figures = await runFuzz({
  messages: whole('messages', values.messages, messagesMax),
  seed: values.seed === undefined ? randomInt(1_000_000) : whole('seed', values.seed, 2 ** 31),
  only: values.only === undefined ? undefined : whole('only', values.only, messagesMax),
  say: (line) => process.stderr.write(`${line}\n`),
})
const { messages, crashes, hangs, untyped, grewMb } = figures
process.stdout.write(
  values.json
    ? `${JSON.stringify(figures)}\n`
    : `${messages} messages: ${crashes} crashes, ${hangs} hangs, ${untyped} that are not of the contract\n`,
)
process.exitCode = crashes + hangs + untyped === 0 && grewMb <= grewMbMax ? 0 : 1
