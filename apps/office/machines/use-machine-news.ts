import type { LiveRecycler } from '@tillkeeper/client/api/recycler-shapes.ts'
import { useEffect, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import type { LiveLink } from '../live/live-state.ts'
import { useIsShop } from '../shell/use-is-shop.ts'
import { followMachines } from './follow-machines.ts'

/** What machines do this moment. Only a shop's own server knows; elsewhere it stays `off`. */
export type MachineNews = {
  readonly link: LiveLink
  /** Nothing while the line is down: what was true then is not true now. */
  readonly of: (recyclerId: string) => LiveRecycler | undefined
}

const nobody: ReadonlyMap<string, LiveRecycler> = new Map()

/** Follows the machines of this shop while the screen is open. */
export function useMachineNews(): MachineNews {
  const { api } = useClients()
  const isShop = useIsShop()
  const [machines, setMachines] = useState(nobody)
  const [link, setLink] = useState<LiveLink>('off')
  useEffect(() => {
    if (!isShop) return
    setLink('connecting')
    return followMachines({
      open: api.openMachineNews,
      hear: (machine) => setMachines((held) => new Map(held).set(machine.recyclerId, machine)),
      become: (next) => {
        setLink(next)
        if (next !== 'up') setMachines(nobody)
      },
    })
  }, [api, isShop])
  return { link, of: (recyclerId) => machines.get(recyclerId) }
}
