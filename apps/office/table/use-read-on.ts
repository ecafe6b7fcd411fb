import type { SortingState } from '@tanstack/react-table'
import { useCallback, useEffect, useState } from 'react'

/** Rows that are read to sort by another column than the server's own. */
const rowsMax = 20_000

type Asked = {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => unknown
}

/**
 * Reads page after page: at the end of the list, or all of it once it is sorted another way than the
 * server does, which is by `ownSort` downwards.
 */
export function useReadOn(asked: Asked, count: number, ownSort?: string) {
  const [whole, setWhole] = useState(false)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  useEffect(() => {
    if (whole && count < rowsMax) onEnd()
  }, [whole, count, onEnd])
  const onSort = (sort: SortingState) =>
    setWhole(sort.length > 0 && !(sort[0]?.id === ownSort && sort[0]?.desc === true))
  return { onEnd, onSort }
}
