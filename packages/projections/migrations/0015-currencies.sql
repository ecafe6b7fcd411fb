-- What currencies are worth, with history: a rate is an entity that is set once. Cash of other currencies in
-- sales and refunds, and what cash is rounded by, which stands for itself so that given − change − rounding =
-- total.
CREATE TABLE rate (
  org_id   uuid        NOT NULL,
  id       uuid        NOT NULL,
  currency text        NOT NULL DEFAULT '',
  base     text        NOT NULL DEFAULT '',
  rate     bigint      NOT NULL DEFAULT 0, -- One unit is worth rate × 10^−scale units of the base.
  scale    integer     NOT NULL DEFAULT 0,
  source   text        NOT NULL DEFAULT '',
  from_at  timestamptz NOT NULL DEFAULT 'epoch',
  shop_id  uuid,                           -- Of this shop alone.
  staff_id uuid,                           -- Who set it.
  PRIMARY KEY (org_id, id)
);
CREATE INDEX rate_held ON rate (org_id, base, currency, from_at DESC, id DESC);

ALTER TABLE shop ADD COLUMN cash_rounding jsonb;

ALTER TABLE sale ADD COLUMN change jsonb;
ALTER TABLE sale ADD COLUMN rounding_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE refund ADD COLUMN rounding_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE session_total ADD COLUMN rounding_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE session_cash ADD COLUMN base_minor bigint NOT NULL DEFAULT 0;
