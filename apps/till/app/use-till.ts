import { assert } from '@tillkeeper/core/base/assert.ts'
import { createContext, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { TillNode } from './node.ts'
import type { TillState } from './till-state.ts'

const NodeContext = createContext<TillNode | undefined>(undefined)

/** The till that the screens below work on. */
export const NodeProvider = NodeContext.Provider

export function useNode(): TillNode {
  const node = useContext(NodeContext)
  assert(node !== undefined, 'a screen of the till stands inside NodeProvider')
  return node
}

/** A part of what the till stands on; the screen is drawn again when that part changes. */
export function useTill<T>(select: (state: TillState) => T): T {
  return useStore(useNode().state, select)
}

/** The till's time, drawn again each minute. */
export function useMinute(): number {
  const node = useNode()
  const [nowMs, setNowMs] = useState(node.nowMs)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(node.nowMs()), 10_000)
    return () => clearInterval(timer)
  }, [node])
  return nowMs
}
