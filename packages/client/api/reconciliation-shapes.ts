import { Strict, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// What a comparison of data at rest found (docs/specs/reconciliation.md).

/** Findings that one report lists; the counts are of all. */
export const findingsMax = 100

/** One place where two copies, or a table and its facts, were not the same. */
export const Finding = Type.Object({
  /** L1: stored facts. L2: registers. L3: money and counts. */
  level: Type.Union([Type.Literal('L1'), Type.Literal('L2'), Type.Literal('L3')]),
  /**
   * `bytes_differ`: stored facts are not the peer's, or not what their chain says. `id_twice`: two facts
   * of one id say different things. `registers_differ`: fields or rows of edited entities.
   * `money_differs`: totals are not the sum of their facts. `claim_differs`: a close said another amount
   * than its session adds up to. `receipts_missing`: a gap in a till's receipt numbers.
   */
  what: Type.Union([
    Type.Literal('bytes_differ'),
    Type.Literal('id_twice'),
    Type.Literal('registers_differ'),
    Type.Literal('money_differs'),
    Type.Literal('claim_differs'),
    Type.Literal('receipts_missing'),
  ]),
  /** The stream and bucket, the table, the session or the till's day. */
  place: Type.String(),
  /** `later`: the next run goes on. `unresolved`: a person has to look, see the incident. */
  outcome: Type.Union([
    Type.Literal('repaired'),
    Type.Literal('later'),
    Type.Literal('unresolved'),
  ]),
  /** What was found, in a few words and figures. */
  detail: Type.String(),
})

/** One run. */
export const Reconciliation = Type.Object({
  id: Uuid<string>(),
  /** By the clock, each hour or each night, or because somebody asked. */
  kind: Type.Union([Type.Literal('hourly'), Type.Literal('nightly'), Type.Literal('asked')]),
  startedAt: Type.String(),
  finishedAt: Type.String(),
  /** Streams and buckets of 1,024 facts that were compared. */
  streams: Type.Integer(),
  buckets: Type.Integer(),
  /** `differences` = `repaired` + `unresolved` + those that are left for the next run. */
  differences: Type.Integer(),
  repaired: Type.Integer(),
  unresolved: Type.Integer(),
  findings: Type.Array(Finding, { maxItems: findingsMax }),
})

/** `GET /v1/sync/reconciliations`: the newest first. */
export const Reconciliations = Type.Object({ items: Type.Array(Reconciliation) })

/** `POST /v1/sync/reconcile`: everything, from the disk, now. It answers with the run's report. */
export const AskReconcile = Strict({})

export type Finding = Static<typeof Finding>
export type Reconciliation = Static<typeof Reconciliation>
export type Reconciliations = Static<typeof Reconciliations>
