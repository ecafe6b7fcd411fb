-- A drawer holds more than its session's own currency: the same running totals for each of the others.
-- The session's own stand in session_total. `expected = float + in − out − dropped + topped up`.
CREATE TABLE session_cash (
  org_id          uuid   NOT NULL,
  session_id      uuid   NOT NULL,
  currency        text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  float_minor     bigint NOT NULL DEFAULT 0,
  cash_in_minor   bigint NOT NULL DEFAULT 0,
  cash_out_minor  bigint NOT NULL DEFAULT 0,
  dropped_minor   bigint NOT NULL DEFAULT 0,
  topped_up_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, session_id, currency)
);
