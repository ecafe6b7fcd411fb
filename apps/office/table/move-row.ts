/** The row that a key leads to; undefined for keys that are not about rows. */
export function moveRow(
  key: string,
  place: { readonly active: number; readonly count: number; readonly page: number },
): number | undefined {
  const last = Math.max(0, place.count - 1)
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: place.page,
    PageUp: -place.page,
    Home: -last,
    End: last,
  }
  const step = steps[key]
  if (step === undefined) return undefined
  return Math.min(last, Math.max(0, place.active + step))
}
