import { parseArgs } from 'node:util'
import { type DrillName, drills, held, runDrill } from './drill/drills.ts'

// Lives through a disaster on a chain of real processes, thrown away afterwards, and says what is left.

const usage = `npm run drill -- ${Object.keys(drills).join('|')} [--json]

  burn-store     a shop's server and database are lost while its tills hold sales
  restore-cloud  the cloud comes back as it was at its last backup
  clone-store    an image of a shop's server is started twice, and both sell
  --json         the result as the last line, on standard output`

const say = (line: string) => process.stderr.write(`${line}\n`)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [name = ''] = positionals
if (values.help || !Object.hasOwn(drills, name)) {
  say(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  const result = await runDrill(name as DrillName, say)
  say(
    `${result.sales} sales: ${result.missing} missing, ${result.doubled} doubled, totals ${result.totals}, chain ${result.chain} (${result.seconds} s)`,
  )
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  if (!held(result)) process.exitCode = 1
}
