import { sparkPoints } from './spark-points.ts'

/** A small line without axes, beside the figures that it sums up; so it is hidden from readers. */
export function Sparkline({
  values,
  width = 96,
  height = 24,
}: {
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
}) {
  return (
    <svg
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="block overflow-visible"
    >
      <polyline
        points={sparkPoints(values, { width, height })}
        fill="none"
        strokeWidth="1.5"
        strokeLinejoin="round"
        className="stroke-accent"
      />
    </svg>
  )
}
