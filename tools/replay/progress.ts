import type { WriteStream } from 'node:tty'

const width = 30
const everyMs = 250

/** A progress bar on standard error: redrawn in a terminal, a line now and then where there is none. */
export function progressBar(name: string, total: number, out: WriteStream = process.stderr) {
  let done = 0
  let drawnAt = 0
  let drawnTenth = -1
  const began = performance.now()
  const draw = () => {
    const share = total === 0 ? 1 : done / total
    const filled = Math.round(share * width)
    const seconds = (performance.now() - began) / 1000
    const rate = seconds === 0 ? 0 : Math.round(done / seconds)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
    const line = `${name} ${bar} ${done}/${total} · ${rate}/s · ${Math.round(seconds)} s`
    if (out.isTTY) {
      out.write(`\r\u001b[2K${line}${done === total ? '\n' : ''}`)
      return
    }
    const tenth = Math.floor(share * 10)
    if (tenth !== drawnTenth) out.write(`${line}\n`)
    drawnTenth = tenth
  }
  return {
    tick: () => {
      done += 1
      const now = performance.now()
      if (done !== total && now - drawnAt < everyMs) return
      drawnAt = now
      draw()
    },
    share: () => (total === 0 ? 1 : done / total),
  }
}
