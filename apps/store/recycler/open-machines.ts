import type { StoreNode } from '../act/record-act.ts'
import { compareMachine } from './compare-machine.ts'
import { type MachineSecrets, openMachineSecrets } from './machine-secrets.ts'
import { openDrivers } from './open-drivers.ts'
import { type Recyclers, runRecyclers } from './run-recyclers.ts'
import { createTeller } from './tell-recyclers.ts'

export type Machines = {
  readonly recyclers: Recyclers
  readonly secrets: MachineSecrets
  /** Ends all lines. Work under way stays open in the journal, and is recalled by the next start. */
  readonly close: () => Promise<void>
}

/** Opens the shop's cash machines: they are spoken to from here on, compared with the books, and told of. */
export async function openMachines(
  node: StoreNode,
  {
    dataDir,
    onFault,
    bootstrap,
  }: {
    readonly dataDir?: string
    readonly onFault: (error: unknown) => void
    /** How far the first load is: before the shop's data is whole no machine is opened. */
    readonly bootstrap?: () => unknown
  },
): Promise<Machines> {
  const secrets = await openMachineSecrets(dataDir)
  const drivers = await openDrivers(node, secrets, onFault)
  const teller = createTeller({ node, after, nowMs: () => performance.now(), onFault })
  const comparing = new Set<Promise<void>>()
  const ready = () => bootstrap?.() === undefined
  const recyclers = await runRecyclers({
    ...{ node, drivers, onFault, ready, after, onOpened: teller.opened, onClosed: teller.closed },
    onNews: (machine, news, state) => {
      teller.news(machine, news)
      if (news.type !== 'seen') return
      const done = compareMachine(node, machine.id, { stock: news.stock, state })
        .catch(onFault)
        .finally(() => comparing.delete(done))
      comparing.add(done)
    },
  })
  return {
    recyclers,
    secrets,
    close: async () => {
      await recyclers.close()
      await Promise.all([teller.stop(), ...comparing])
    },
  }
}

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
