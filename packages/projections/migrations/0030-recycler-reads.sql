-- A machine's past is read by when it was, a page at a time, whatever ids its askers chose.

CREATE INDEX recycler_attempt_time
  ON recycler_attempt (org_id, recycler_id, occurred_at DESC, attempt_id DESC);
CREATE INDEX recycler_settlement_time
  ON recycler_settlement (org_id, recycler_id, occurred_at DESC, attempt_id DESC);
