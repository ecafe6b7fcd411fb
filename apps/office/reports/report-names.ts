/** The reports, in the order in which they are offered. */
export const reportNames = ['cash-flow', 'methods', 'staff', 'variances', 'funds'] as const
export type ReportName = (typeof reportNames)[number]

export function isReportName(text: unknown): text is ReportName {
  return reportNames.some((name) => name === text)
}

/** The ranges that are offered; another one in an address is left out. */
export const reportDays: readonly number[] = [7, 30, 90, 365]
