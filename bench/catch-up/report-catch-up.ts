import { rounded, type Spread, spreadOf } from '../measure/figures.ts'
import type { CatchUp, RaceRound } from './bench-catch-up.ts'

// The figures as one object, and as a table for a person.

/** The promised figures first; medians over the rounds, `…Range` from the least to the most. */
export function reportCatchUp(result: CatchUp) {
  const { sales, facts, rounds, live, resume, badLine } = result
  const spread = (of: (round: RaceRound) => number): Spread => spreadOf(rounds.map(of))
  const ratio = (of: (round: RaceRound) => number) => rounded(spread(of).median, 2)
  const perSecond = (of: (round: RaceRound) => number) => {
    const { min, median, max } = spread((round) => sales / of(round))
    return { min: Math.round(min), median: Math.round(median), max: Math.round(max) }
  }
  const cpu = (of: (round: RaceRound) => number) => rounded((spread(of).median * 1_000) / sales, 3)
  return {
    ratioToLogicalReplication: ratio(({ ours, logical }) => logical.seconds / ours.seconds),
    ratioToPouchdb: ratio(({ ours, pouch }) => pouch.seconds / ours.seconds),
    equal: result.equal,
    liveLagP99Ms: rounded(live.p99Ms, 1),
    bytesPerFact: rounded(spread(({ ours }) => ours.wireBytes / facts).median, 0),
    // Journalled, chained, flushed and acknowledged, with the tables still being made beside it.
    journalledRatioToLogicalReplication: ratio(
      ({ ours, logicalJournal }) => logicalJournal.seconds / ours.journalledSeconds,
    ),
    journalledRatioToPouchdb: ratio(({ ours, pouch }) => pouch.seconds / ours.journalledSeconds),
    sales,
    facts,
    factBytes: rounded(result.factBytes, 0),
    rounds: rounds.length,
    salesPerSecond: {
      ours: perSecond(({ ours }) => ours.seconds),
      oursJournalled: perSecond(({ ours }) => ours.journalledSeconds),
      logicalReplication: perSecond(({ logical }) => logical.seconds),
      logicalReplicationOfTheJournal: perSecond(({ logicalJournal }) => logicalJournal.seconds),
      pouchdb: perSecond(({ pouch }) => pouch.seconds),
    },
    cpuMsPerSale: {
      ours: cpu(({ ours }) => ours.cpuSeconds),
      logicalReplication: cpu(({ logical }) => logical.cpuSeconds),
      pouchdb: cpu(({ pouch }) => pouch.cpuSeconds),
    },
    loadAverage: spread(({ loadAverage }) => loadAverage),
    durability: { ours: 'flushed', logicalReplication: 'flushed', pouchdb: 'not flushed' },
    live: {
      ...{ sales: live.sales, perSecond: rounded(live.perSecond, 0) },
      ...{ p50Ms: rounded(live.p50Ms, 1), p99Ms: rounded(live.p99Ms, 1) },
      maxMs: rounded(live.maxMs, 1),
    },
    resume: { ...resume, seconds: rounded(resume.seconds, 1) },
    badLine: {
      facts: badLine.facts,
      factsPerSecond: rounded(badLine.factsPerSecond, 0),
      bytesPerFact: rounded(badLine.bytesPerFact, 0),
    },
  }
}

export function catchUpTable(result: CatchUp): string {
  const report = reportCatchUp(result)
  const row = (who: string, { min, median, max }: Spread) => `${who}: ${median} (${min}–${max})`
  const { salesPerSecond: rates } = report
  return [
    `${report.sales} sales, ${report.facts} facts of ${report.factBytes} B, sales a second:`,
    row('  ours, journalled and in tables', rates.ours),
    row('  logical replication of the same rows', rates.logicalReplication),
    row('  PouchDB to express-pouchdb, not flushed, no tables', rates.pouchdb),
    row('  ours, journalled and acknowledged', rates.oursJournalled),
    row('  logical replication of the journal alone', rates.logicalReplicationOfTheJournal),
    `ratios: ${report.ratioToLogicalReplication} of logical replication (promised 0.5), ` +
      `${report.ratioToPouchdb} times PouchDB (promised 5)`,
    `live: p50 ${report.live.p50Ms} ms, p99 ${report.live.p99Ms} ms at ${report.live.perSecond}/s`,
    `resume: ${report.resume.seconds} s, lost ${report.resume.lost}, doubled ${report.resume.doubled}`,
    `bad line: ${report.badLine.factsPerSecond} facts/s, ${report.badLine.bytesPerFact} B a fact`,
    `both ends equal: ${report.equal}`,
  ].join('\n')
}
