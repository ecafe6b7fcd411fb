/** The centre and limits of a series, in minor units: what lies outside is no chance. */
export type ControlLimits = {
  readonly centre: number
  readonly upper: number
  readonly lower: number
}

// Of two values the mean range is 1.128 standard deviations, so three of those are 2.66 mean ranges
// (Montgomery, Introduction to Statistical Quality Control, individuals chart). In hundredths, to stay whole.
const threeSigmaOfRange = 266

/** Fewer values say nothing about what is usual. */
export const chartValuesMin = 5

/**
 * The limits of an individuals chart: the mean of the values, and three standard deviations around it as their
 * moving range has them. Undefined for fewer values than `chartValuesMin`.
 */
export function controlLimits(values: readonly number[]): ControlLimits | undefined {
  if (values.length < chartValuesMin) return undefined
  const centre = Math.round(values.reduce((all, value) => all + value, 0) / values.length)
  let ranges = 0
  for (let index = 1; index < values.length; index += 1) {
    ranges += Math.abs((values[index] ?? 0) - (values[index - 1] ?? 0))
  }
  const around = Math.round((threeSigmaOfRange * ranges) / (values.length - 1) / 100)
  return { centre, upper: centre + around, lower: centre - around }
}

/** Whether a value lies outside what is usual. */
export function isOutside(value: number, limits: ControlLimits | undefined): boolean {
  return limits !== undefined && (value > limits.upper || value < limits.lower)
}
