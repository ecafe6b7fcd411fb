import { runChecks } from './check/run-checks.ts'

// `npm run check`: what can be known without running the code.
const failed = await runChecks()
process.exitCode = failed === 0 ? 0 : 1
