import { quantile, rounded, type Spread, spreadOf } from '../measure/figures.ts'
import { type ClientCount, clientCounts, type Ours, type Round } from './measure-rounds.ts'

/** One figure for each count of clients. */
export type ByClients = Readonly<Record<ClientCount, number>>

/** The medians of the rounds; latencies over all rounds together. */
export type SaleReport = {
  /** Sales per second, ours by the limit's, with most clients. */
  readonly ratio: number
  /** Time on the CPUs of the store server and its database for one sale, with most clients. */
  readonly cpuMsPerSale: number
  readonly salesPerSecond: ByClients
  readonly p50Ms: ByClients
  readonly p99Ms: ByClients
  readonly limitPerSecond: ByClients
  /** With most clients, while each sale is carried to the cloud on the same machine. */
  readonly online: {
    readonly cpuMsPerSale: number
    readonly salesPerSecond: number
    readonly p50Ms: number
    readonly p99Ms: number
  }
}

const mostClients = clientCounts[clientCounts.length - 1] as ClientCount

export function reportRounds(rounds: readonly Round[]): SaleReport {
  const median = (figures: readonly number[], digits: number) =>
    rounded(spreadOf(figures).median, digits)
  const online = rounds.map((round) => round.online)
  return {
    ratio: median(ratios(rounds, mostClients), 2),
    cpuMsPerSale: median(ours(rounds, mostClients).map(cpuMs), 2),
    salesPerSecond: byClients((clients) => median(ours(rounds, clients).map(perSecond), 1)),
    p50Ms: byClients((clients) => latency(ours(rounds, clients), 0.5)),
    p99Ms: byClients((clients) => latency(ours(rounds, clients), 0.99)),
    limitPerSecond: byClients((clients) => median(limits(rounds, clients), 1)),
    online: {
      cpuMsPerSale: median(online.map(cpuMs), 2),
      salesPerSecond: median(online.map(perSecond), 1),
      p50Ms: latency(online, 0.5),
      p99Ms: latency(online, 0.99),
    },
  }
}

/** A table for people: the median of the rounds, and between which figures they lie. */
export function tableOf(rounds: readonly Round[]): string {
  const online = rounds.map((round) => round.online)
  const rows = [
    ['', 'sales/s', 'limit/s', 'ratio', 'CPU ms/sale', 'p50 ms', 'p99 ms'],
    ...clientCounts.map((clients) => {
      const made = ours(rounds, clients)
      return [
        `${clients} clients`,
        show(made.map(perSecond), 0),
        show(limits(rounds, clients), 0),
        show(ratios(rounds, clients), 2),
        ...describe(made),
      ]
    }),
    [`${mostClients} online`, show(online.map(perSecond), 0), '', '', ...describe(online)],
  ]
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

function describe(made: readonly Ours[]): string[] {
  return [show(made.map(cpuMs), 2), String(latency(made, 0.5)), String(latency(made, 0.99))]
}

function show(figures: readonly number[], digits: number): string {
  const { min, median, max }: Spread = spreadOf(figures)
  return `${rounded(median, digits)} (${rounded(min, digits)}–${rounded(max, digits)})`
}

const perSecond = (made: Ours) => made.perSecond
const cpuMs = (made: Ours) => (made.storeCpuMs + made.postgresCpuMs) / made.sales

function slicesOf(rounds: readonly Round[], clients: ClientCount) {
  return rounds.flatMap(({ slices }) => slices.filter((slice) => slice.clients === clients))
}
const ours = (rounds: readonly Round[], clients: ClientCount) =>
  slicesOf(rounds, clients).map((slice) => slice.ours)
const limits = (rounds: readonly Round[], clients: ClientCount) =>
  slicesOf(rounds, clients).map(({ limit }) => limit.perSecond)
const ratios = (rounds: readonly Round[], clients: ClientCount) =>
  slicesOf(rounds, clients).map((slice) => slice.ours.perSecond / slice.limit.perSecond)

function latency(made: readonly Ours[], share: number): number {
  const all = made.flatMap(({ latenciesMs }) => [...latenciesMs]).sort((a, b) => a - b)
  return rounded(quantile(all, share), 2)
}

function byClients(figure: (clients: ClientCount) => number): ByClients {
  return Object.fromEntries(clientCounts.map((clients) => [clients, figure(clients)])) as ByClients
}
