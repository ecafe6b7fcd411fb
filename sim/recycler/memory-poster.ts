import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Posted, Poster, Said } from '@tillkeeper/devices/cash-recycler/rest/rest-line.ts'
import { answerMs } from '@tillkeeper/devices/cash-recycler/rest/rest-line.ts'
import type { answerWith } from '@tillkeeper/devices/cash-recycler/simulator/rest-server.ts'
import type { Scheduler } from '../world/scheduler.ts'
import type { PosterFault } from './faults.ts'

// HTTP to a polled machine with the network taken out: the same bodies go both ways, in virtual time, and any of them
// can be lost.

const latencyMs = 5
const lateMs = 2_500

export type PolledLine = {
  readonly poster: Poster
  readonly cut: () => void
}

type Options = {
  readonly world: Scheduler
  /** The machine's front, while it is on the network. */
  readonly front: ReturnType<typeof answerWith>
  readonly isUp: () => boolean
  /** A fault for this path, if one waits for it: it is used up by that. */
  readonly takeFault: (path: string) => PosterFault | undefined
  /** A process that ended says nothing more, and hears nothing. */
  readonly isAlive: () => boolean
  readonly watch: (path: string, when: 'before' | 'after') => void
}

export function layPolledLine(options: Options): PolledLine {
  const underWay = new Set<() => void>()
  const cut = () => {
    for (const end of [...underWay]) end()
  }
  return { cut, poster: { drop: cut, post: (said) => post(options, underWay, said) } }
}

function post(
  { world, front, isUp, takeFault, isAlive, watch }: Options,
  underWay: Set<() => void>,
  { path, text, token }: Said,
): Promise<Posted> {
  return new Promise((resolve) => {
    const settle = (posted: Posted) => {
      stop()
      underWay.delete(end)
      if (isAlive()) resolve(posted)
    }
    const fail = (why: string) => settle(refused({ code: 'no_answer', why }))
    const end = () => fail('closed')
    const stop = world.after(answerMs, () => fail('silence'))
    underWay.add(end)
    watch(path, 'before')
    const act = () => front.to(path, token ?? '', JSON.parse(text) as Record<string, unknown>)
    world.after(latencyMs, () => {
      if (!isAlive() || !underWay.has(end)) return
      if (!isUp()) return fail('refused')
      const fault = takeFault(path)
      if (fault === 'cut unheard') return fail('cut')
      if (fault === 'silent unheard') return
      if (fault === 'late') {
        // The line breaks, and what was said is done all the same, later.
        world.after(lateMs, act)
        return fail('cut')
      }
      const said = act()
      watch(path, 'after')
      if (fault === 'cut heard') return fail('cut')
      if (fault === 'silent heard') return
      world.after(latencyMs, () => {
        if (!underWay.has(end)) return
        const body = typeof said === 'number' ? '' : JSON.stringify(said)
        const garbled = fault === 'garbled' ? body.slice(0, body.length / 2) : body
        settle(accepted({ status: typeof said === 'number' ? said : 200, text: garbled }))
      })
    })
  })
}
