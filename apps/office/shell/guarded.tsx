import { Navigate } from '@tanstack/react-router'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import type { ReactNode } from 'react'
import { useMay } from '../api/clients.tsx'
import { FaultState } from './answer.tsx'
import { pages } from './pages.ts'

/** The first screen of the rail that the person may see: not everyone begins with the chain's figures. */
export function FirstPage({ children }: { readonly children: ReactNode }) {
  const may = useMay()
  const first = pages.find(({ permission }) => permission === undefined || may(permission))
  if (first === undefined || first.path === '/') return children
  return <Navigate to={first.path} replace />
}

/** A screen for who may see it. It spares a useless question; the server is what guards. */
export function Guarded({
  permission,
  children,
}: {
  readonly permission: Permission
  readonly children: ReactNode
}) {
  const may = useMay()
  return may(permission) ? children : <FaultState kind="forbidden" />
}
