/** The points of a line through `values`, from the left edge to the right, the highest at the top. */
export function sparkPoints(
  values: readonly number[],
  size: { readonly width: number; readonly height: number },
): string {
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  const span = high - low || 1
  const step = values.length > 1 ? size.width / (values.length - 1) : 0
  return values
    .map((value, index) => {
      const y = size.height - ((value - low) / span) * size.height
      return `${round(index * step)},${round(y)}`
    })
    .join(' ')
}

// A tenth of a pixel is finer than any screen shows.
function round(length: number): number {
  return Math.round(length * 10) / 10
}
