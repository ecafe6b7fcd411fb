import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Employee, Shop, Till } from '@tillkeeper/client/api/shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { useClients, useEmployee, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { readScope, type Scope, todayIn } from './scope.ts'

/** The shop and the day that the office looks at, and how to change them. */
export function useScope(): Scope & { readonly change: (scope: Scope) => void } {
  const scope = readScope(useSearch({ strict: false }))
  const navigate = useNavigate()
  return {
    ...scope,
    change: (next) => {
      void navigate({ to: '.', search: (search) => ({ ...search, ...next }) })
    },
  }
}

const noShops: readonly Shop[] = []
const noTills: readonly Till[] = []
const noEmployees: readonly Employee[] = []

/** The shops that the person may see; none until they are read. */
export function useShops(): readonly Shop[] {
  const { api } = useClients()
  return useQuery(queries(api).shops()).data ?? noShops
}

export function useTills(): readonly Till[] {
  const { api } = useClients()
  return useQuery(queries(api).tills()).data ?? noTills
}

/** The people of the chain; none for who may not read them. */
export function useEmployees(): readonly Employee[] {
  const { api } = useClients()
  const may = useMay()
  return useQuery({ ...queries(api).employees(), enabled: may('staff.read') }).data ?? noEmployees
}

/** The business day that is running. */
export function useTodayDate(): Day {
  return todayIn(useShops(), Date.now())
}

/** The time zone of a shop; that of the first one where it is not known. */
export function useTimeZone(): (shopId: string | null) => string {
  const shops = useShops()
  return (shopId) => shops.find(({ id }) => id === shopId)?.timeZone ?? shops[0]?.timeZone ?? 'UTC'
}

/** The name of a shop; its id's start where it is not known here yet. */
export function useShopName(): (shopId: string) => string {
  const shops = useShops()
  return (shopId) => shops.find(({ id }) => id === shopId)?.name ?? shopId.slice(0, 8)
}

/** The name of a person by id, as far as this person may know it. */
export function useStaffName(): (staffId: string) => string {
  const people = useEmployees()
  const me = useEmployee()
  return (staffId) => [...people, me].find(({ id }) => id === staffId)?.name ?? staffId.slice(0, 8)
}
