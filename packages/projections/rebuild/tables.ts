// Which tables are made from facts, and which hold the facts and what this server alone knows of them.
// A test sees to it that every table of the migrations is in one of the two lists.

/** What the journal's facts add up to: it can be built again, and replicas have the same. */
export const projectionTables = [
  'apikey',
  'cash_balance',
  'cash_transfer',
  'credential',
  'daily_summary',
  'employee',
  'ended_tombstone',
  'exception',
  'fact_resolution',
  'hourly_summary',
  'org',
  'product',
  'receipt_counter',
  'refund',
  'refund_line',
  'register',
  'register_set',
  'role',
  'sale',
  'sale_line',
  'sale_line_refunded',
  'session_cash',
  'session_total',
  'shop',
  'till',
  'till_close',
  'till_device',
  'till_session',
] as const

/** The journal itself, its cursors, and what is numbered or pruned by each server for itself. */
export const journalTables = [
  'body_mark',
  'bootstrap',
  'bucket_repair',
  'child_contact',
  'child_health',
  'child_token',
  'exception_seen',
  'fact_id',
  'forked_fact',
  'head_receipt',
  'head_signature',
  'incident',
  'journal',
  'live_event',
  'live_head',
  'node_clock',
  'own_token',
  'parked',
  'peer_cursor',
  'reconciled_cut',
  'reconciliation',
  'renewed_epoch',
  'snapshot_chunk',
  'stream',
] as const

export type ProjectionTable = (typeof projectionTables)[number]
