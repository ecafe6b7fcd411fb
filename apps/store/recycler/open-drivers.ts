import { localTimeOf } from '@tillkeeper/core/base/instant.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { DriverPorts } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { openGloryDriver } from '@tillkeeper/devices/cash-recycler/glory/glory-driver.ts'
import { openRestDriver } from '@tillkeeper/devices/cash-recycler/rest/rest-driver.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import type { StoreNode } from '../act/record-act.ts'
import { loginAt, type MachineSecrets } from './machine-secrets.ts'
import { readAddress } from './read-address.ts'
import type { DriverFactory } from './run-recyclers.ts'

/** The drivers that there are, by the name that a register has for them. */
export async function openDrivers(
  { db, org, shopId, now }: Pick<StoreNode, 'db' | 'org' | 'shopId' | 'now'>,
  secrets: MachineSecrets,
  onFault: (error: unknown) => void,
): Promise<Readonly<Record<'glory' | 'rest', DriverFactory>>> {
  const zoneOf = async () => (await findShop(db, org, shopId))?.timeZone ?? 'UTC'
  let timeZone = await zoneOf()
  // A machine's certificate and session are kept beside what the driver does: nothing waits for the disk.
  const keep = (id: string, change: Parameters<MachineSecrets['keep']>[1]) => {
    secrets.keep(id, change).catch(onFault)
  }
  const glory: DriverFactory = (machine, ports) => {
    const at = readAddress(machine.address)
    if (at === undefined) return absent(ports, machine.address)
    const kept = secrets.of(machine.id)
    const { fingerprint, session } = kept
    const { user, password } = loginAt(kept, at.glory.host)
    zoneOf().then((zone) => {
      timeZone = zone
    }, onFault)
    return openGloryDriver(
      {
        ...at.glory,
        currency: machine.currencies[0] as Currency,
        clock: () => wallClock(now(), timeZone),
        onPinned: (seen) => keep(machine.id, { fingerprint: seen }),
        onSession: (id) => keep(machine.id, { session: id }),
        ...(fingerprint !== undefined && { fingerprint }),
        ...(session !== undefined && { leftSession: session }),
        ...(user !== undefined && { login: { user, password: password ?? '' } }),
      },
      ports,
    )
  }
  const rest: DriverFactory = (machine, ports) => {
    const at = readAddress(machine.address)
    if (at === undefined) return absent(ports, machine.address)
    const kept = secrets.of(machine.id)
    const { user = '', password = '' } = loginAt(kept, at.rest.host)
    let { fingerprint } = kept
    const pin = {
      known: () => fingerprint,
      learn: (seen: string) => {
        fingerprint = seen
        keep(machine.id, { fingerprint: seen })
      },
    }
    const clock = { now: () => Date.now(), after }
    return openRestDriver(
      { machine: { address: at.rest, username: user, password, pin }, clock },
      ports,
    )
  }
  return { glory, rest }
}

/** A machine that is nowhere: its page says why, and it stays offline. */
function absent({ tell }: DriverPorts, address: string) {
  queueMicrotask(() => tell({ type: 'strange', about: `no address of a machine: ${address}` }))
  return { send: () => {}, close: async () => {} }
}

/** A date whose local reading is what the shop's wall clock shows. */
function wallClock(at: Date, timeZone: string): Date {
  const { year, month, day, hour, minute } = localTimeOf(at.toISOString(), timeZone)
  return new Date(year, month - 1, day, hour, minute, at.getSeconds())
}

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
