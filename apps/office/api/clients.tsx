import type { Employee } from '@tillkeeper/client/api/shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { Live } from '../live/live.ts'
import type { LiveState } from '../live/live-state.ts'
import type { Login, LoginState } from '../login/login.ts'
import type { Api } from './api.ts'

/** What screens talk to the server with; made once, in main.tsx. */
export type Clients = { readonly login: Login; readonly api: Api; readonly live: Live }

const ClientsContext = createContext<Clients | undefined>(undefined)

export function ClientsProvider({
  clients,
  children,
}: {
  readonly clients: Clients
  readonly children: ReactNode
}) {
  return <ClientsContext value={clients}>{children}</ClientsContext>
}

export function useClients(): Clients {
  const clients = useContext(ClientsContext)
  assert(clients !== undefined, 'screens stand inside ClientsProvider')
  return clients
}

export function useLogin(): LoginState {
  const { login } = useClients()
  return useSyncExternalStore(login.subscribe, login.read)
}

/** Who looks at the screen. Only for what stands behind the login. */
export function useEmployee(): Employee {
  const state = useLogin()
  assert(state.stage === 'in', 'somebody is logged in')
  return state.employee
}

/** Whether the person may. It decides what is shown; the server decides what is done. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useEmployee()
  return (permission) => permissions.includes(permission)
}

export function useLive(): LiveState {
  const { live } = useClients()
  return useSyncExternalStore(live.subscribe, live.read)
}
