import { parseArgs } from 'node:util'

// Measures what the product promises to be fast, on a throw-away chain of its own.
//
//   npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N]
//
// Progress goes to stderr. With --json the last line of stdout is one JSON object.

const secondsMax = 600
const roundsMax = 100
const productsMax = 100_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    products: { type: 'string', default: '10000' },
  },
})
const [subject] = positionals
if (subject !== 'sale' || positionals.length > 1) {
  throw new Error('usage: npm run bench -- sale [--json] [--seconds N] [--rounds N] [--products N]')
}
const seconds = readCount('seconds', secondsMax)
const rounds = readCount('rounds', roundsMax)
const products = readCount('products', productsMax)
process.stderr.write(`bench: ${rounds} rounds of ${seconds} s, ${products} products\n`)

function readCount(name: 'seconds' | 'rounds' | 'products', max: number): number {
  const count = Number(values[name])
  if (!Number.isSafeInteger(count) || count < 1 || count > max) {
    throw new Error(`--${name} takes a whole number from 1 to ${max}`)
  }
  return count
}
