-- Numbers of papers that no sale and no refund left: pay-outs, drops, deposits, settlements and their like. They
-- come from the same counters as receipt numbers. The series is a till, or the shop where its office gave the
-- number: `receipt_counter.till_id` holds either.

CREATE TABLE paper_number (
  org_id         uuid NOT NULL,
  fact_id        uuid NOT NULL,
  shop_id        uuid NOT NULL,
  series_id      uuid NOT NULL,
  business_date  date NOT NULL,
  receipt_number text NOT NULL,
  PRIMARY KEY (org_id, fact_id)
);
CREATE INDEX paper_number_series ON paper_number (org_id, series_id, business_date);
CREATE INDEX paper_number_number ON paper_number (org_id, receipt_number);
CREATE INDEX session_step_handed ON session_step (org_id, shop_id, business_date)
  WHERE kind = 'handed_over';
