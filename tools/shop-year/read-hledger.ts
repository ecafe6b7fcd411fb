import { spawn } from 'node:child_process'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'

/** Debian's; `apt-get install hledger`. */
const program = '/usr/bin/hledger'
const errorChars = 2_000

/** Balances at the end of each day, in minor units, by place and currency such as `safe:<shop> THB`. */
export type DayBalances = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Adds up a journal by hledger, which has never heard of us: the balance of every account and currency at the end
 * of every day. Throws where the program is not there, or takes the journal for wrong.
 */
export async function addUpByHledger(journalFile: string): Promise<DayBalances> {
  const csv = await run([
    ...['balance', '-f', journalFile, '--daily', '--historical', '--flat', '--empty'],
    ...['--no-total', '--no-elide', '--layout=bare', '-O', 'csv'],
  ])
  const [head = [], ...rows] = csv.trimEnd().split('\n').map(cellsOf)
  const days = head.slice(2)
  const balances = new Map(days.map((day) => [day, new Map<string, number>()]))
  for (const [account = '', currency = '', ...amounts] of rows) {
    if (currency === '') continue
    for (const [index, amount] of amounts.entries()) {
      const day = balances.get(days[index] ?? '')
      day?.set(`${account} ${currency}`, minorOf(amount, currency as Currency))
    }
  }
  return balances
}

// Every cell is quoted, and no account or amount has a quote in it.
const cellsOf = (line: string): string[] => line.slice(1, -1).split('","')

/** `-1234.5` of a currency with two decimals is -123450. Exact: digits are moved, never divided. */
export function minorOf(text: string, currency: Currency): number {
  const match = /^(-?)([0-9]+)(?:\.([0-9]*))?$/.exec(text.trim())
  if (match === null) throw new Error(`hledger says an amount that is none: ${text}`)
  const [, sign, whole = '', fraction = ''] = match
  const decimals = exponentOf(currency)
  const digits = fraction.padEnd(decimals, '0')
  if (digits.length > decimals) throw new Error(`${text} ${currency} is finer than its unit`)
  const minor = Number(`${whole}${digits}`)
  if (!Number.isSafeInteger(minor)) throw new Error(`${text} ${currency} is not exact`)
  return sign === '-' && minor !== 0 ? -minor : minor
}

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  let error = ''
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    error = `${error}${chunk.toString()}`.slice(0, errorChars)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new Error(`${program} is missing: apt-get install hledger`)))
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`hledger ended with ${code}: ${error}`)
  return Buffer.concat(output).toString()
}
