import { startPostgres } from '../start-postgres.ts'

// A program that starts a database, says where, and waits: tests kill it the hard way. Run by root
// with a `uid`, it becomes that user first. Its argument is JSON.

type Asked = {
  readonly dataDir: string
  readonly binDir?: string
  readonly shelterDir?: string
  readonly uid?: number
}

const { uid, ...options } = JSON.parse(process.argv[2] ?? '{}') as Asked
if (uid !== undefined) {
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
}
const server = await startPostgres(options)
process.once('SIGTERM', () => void server.stop())
process.stdout.write(
  `${JSON.stringify({ pid: server.pid, port: server.port, url: server.url('postgres') })}\n`,
)
