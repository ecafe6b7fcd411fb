import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ShopPlan } from '@tillkeeper/chain/plan.ts'
import {
  type GloryServer,
  startGloryServer,
} from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'

// A simulated cash machine for each shop's counter. It keeps its money in the chain's data folder, so that a machine
// holds the next day what the shop's books say of it.

export type CounterMachine = {
  readonly shop: ShopPlan
  /** For the register. */
  readonly address: string
  /** Where one is its customer. */
  readonly pageUrl: string
  readonly server: GloryServer
  /** Ends it, with what it holds on the disk. */
  readonly close: () => Promise<void>
}

/** Its page, and the socket by which the shop's server talks to it. */
export type MachinePorts = { readonly page: number; readonly socket: number }

const profile = 'CI-10'
const currency = 'THB'
export const machineName = 'CI-10'
const saveMs = 300

export async function startCounterMachine(
  shop: ShopPlan,
  ports: MachinePorts,
  dataDir: string,
): Promise<CounterMachine> {
  const folder = join(dataDir, 'machines')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${shop.code.toLowerCase()}.json`)
  const server = await startGloryServer({
    ...{ profile, currency },
    ports: { control: ports.page, socket: ports.socket },
  })
  await restore(server, file)
  const saving = saveChanges(server, file)
  return {
    ...{ shop, server, pageUrl: server.controlUrl },
    address: `ws://127.0.0.1:${ports.socket}`,
    close: async () => {
      await server.close()
      await saving.end()
    },
  }
}

/** What a machine keeps when it is switched off: its pieces, its book, and what it does not trust of it. */
async function restore({ fcc }: GloryServer, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const { held, book, unsure } = JSON.parse(text) as typeof fcc.machine
  fcc.machine = { ...fcc.machine, held, book, unsure }
}

function saveChanges({ fcc }: GloryServer, file: string) {
  let timer: NodeJS.Timeout | undefined
  let written: Promise<void> = Promise.resolve()
  const save = () => {
    timer = undefined
    const { held, book, unsure } = fcc.machine
    written = written.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify({ held, book, unsure }))
      await rename(`${file}.new`, file)
    })
  }
  const before = fcc.changed
  fcc.changed = () => {
    before()
    timer ??= setTimeout(save, saveMs)
  }
  return {
    end: () => {
      clearTimeout(timer)
      save()
      return written
    },
  }
}
