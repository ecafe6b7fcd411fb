import { useQuery } from '@tanstack/react-query'
import { takesPin } from '../login/takes-pin.ts'

/**
 * Whether this is a shop's own office, where the shop's acts are recorded; the cloud's reads them. False until that
 * is known.
 */
export function useIsShop(): boolean {
  const asked = useQuery({
    queryKey: ['takes-pin'],
    queryFn: ({ signal }) => takesPin(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return asked.data ?? false
}
