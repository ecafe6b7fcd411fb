import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Frame, FromMachines, ToMachines } from './machines-process.ts'

/** The machines of another process, as this one drives and times them. */
export type Machines = {
  readonly addresses: readonly { readonly soap: string; readonly socket: string }[]
  readonly insert: (machine: number, faceMinor: number) => void
  /** Hears each frame as it leaves a machine, until the answer is called. */
  readonly watch: (hear: (machine: number, atMs: number, frame: Frame) => void) => () => void
  readonly stop: () => Promise<void>
}

const program = fileURLToPath(new URL('machines-process.ts', import.meta.url))

export async function startMachines(count: number): Promise<Machines> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const say = (message: ToMachines) => void child.send(message)
  const hearing = new Set<(machine: number, atMs: number, frame: Frame) => void>()
  const addresses = await new Promise<Machines['addresses']>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the machines ended with ${code}`)))
    child.on('message', (message: FromMachines) => {
      if (message.is === 'started') resolve(message.machines)
      else for (const hear of hearing) hear(message.machine, message.atMs, message.frame)
    })
    say({ is: 'start', machines: count })
  })
  return {
    addresses,
    insert: (machine, faceMinor) => say({ is: 'insert', machine, faceMinor }),
    watch: (hear) => {
      hearing.add(hear)
      return () => hearing.delete(hear)
    },
    stop: () => end(child),
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
