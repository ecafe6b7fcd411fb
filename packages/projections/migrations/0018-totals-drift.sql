-- Totals that were not what their acts add up to, as this server found them: each once, until the same place
-- differs otherwise. An exception to look at, beside those that facts raise. Building the tables again mends
-- the total and leaves the word of it.
CREATE TABLE totals_drift (
  org_id   uuid        NOT NULL,
  id       text        NOT NULL, -- `<uuid of the finding>/totals_drift`.
  shop_id  uuid,                 -- Null where the place is no single shop's, or not known.
  place    text        NOT NULL,
  detail   text        NOT NULL, -- What was kept, and after the stroke what the acts add up to.
  found_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX totals_drift_place ON totals_drift (org_id, place);

-- A journal is read by day, and within a day by time.
CREATE INDEX cash_transfer_day ON cash_transfer (org_id, shop_id, business_date, occurred_at, id);
