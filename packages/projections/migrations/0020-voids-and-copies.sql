-- A void is kept as the refund that it is, with its own mark: so totals, cash and what is left to refund have
-- one source. And papers that were printed again.
ALTER TABLE refund ADD COLUMN voids boolean NOT NULL DEFAULT FALSE;

CREATE TABLE receipt_reprint (
  org_id         uuid        NOT NULL,
  receipt_id     uuid        NOT NULL, -- The fact that the paper is of.
  id             uuid        NOT NULL, -- The fact that says so.
  shop_id        uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  kind           text        NOT NULL,
  receipt_number text,
  reason         text        NOT NULL DEFAULT '',
  business_date  date        NOT NULL,
  reprinted_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, receipt_id, id)
);
CREATE INDEX receipt_reprint_day ON receipt_reprint (org_id, shop_id, business_date);
