import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import type { ReactNode } from 'react'
import { useMay } from '../api/clients.tsx'
import { FaultState } from './answer.tsx'

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
