-- From the safe to the bank: deposit bags, counts of the safe, change orders, staff funds, statements of the
-- bank. What moved is in cash_transfer; here is what people said about it. A bag, an order and a line are
-- rows of their own, and each step that somebody took with them is another: so steps may arrive first.

CREATE TABLE deposit_bag (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's.
  shop_id       uuid        NOT NULL,
  number        text        NOT NULL,
  number_key    text        NOT NULL, -- As numbers are compared: see bagNumberKey.
  staff_id      uuid        NOT NULL, -- Who sealed it.
  cash          jsonb       NOT NULL,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  sealed_at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX deposit_bag_number ON deposit_bag (org_id, shop_id, number_key);
CREATE INDEX deposit_bag_time ON deposit_bag (org_id, sealed_at DESC, id DESC);

CREATE TABLE deposit_bag_step (
  org_id        uuid        NOT NULL,
  bag_id        uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's. Of two of a kind the earlier id is the bag's.
  shop_id       uuid        NOT NULL,
  step          text        NOT NULL CHECK (step IN ('verified', 'collected', 'opened', 'deposited')),
  staff_id      uuid        NOT NULL,
  carrier       text,
  reference     text,
  banked_on     date,
  cash          jsonb, -- What was in the bag as the author of an opening or a deposit knew.
  credited      jsonb,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, bag_id, id)
);

CREATE TABLE safe_count (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  counted       jsonb       NOT NULL,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  counted_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX safe_count_shop ON safe_count (org_id, shop_id, counted_at DESC, id DESC);

CREATE TABLE change_order (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  cash          jsonb       NOT NULL,
  needed_on     date,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  ordered_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX change_order_time ON change_order (org_id, ordered_at DESC, id DESC);

CREATE TABLE change_order_step (
  org_id        uuid        NOT NULL,
  order_id      uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  step          text        NOT NULL CHECK (step IN ('received', 'cancelled')),
  staff_id      uuid        NOT NULL,
  cash          jsonb,
  reference     text,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, order_id, id)
);

CREATE TABLE staff_fund_event (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL, -- Who holds the change.
  by_staff_id   uuid        NOT NULL,
  kind          text        NOT NULL CHECK (kind IN ('issued', 'returned')),
  cash          jsonb       NOT NULL,
  settled       jsonb,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX staff_fund_event_person ON staff_fund_event (org_id, shop_id, staff_id, occurred_at, id);
CREATE INDEX staff_fund_event_time ON staff_fund_event (org_id, shop_id, occurred_at DESC, id DESC);

CREATE TABLE statement_import (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  account       text        NOT NULL,
  currency      text        NOT NULL,
  file_name     text        NOT NULL,
  line_count    integer     NOT NULL,
  imported_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- A line is named by what it says. Two files that hold it say the same; were they to differ, the fact with
-- the lower id has the word, whichever came first.
CREATE TABLE statement_line (
  org_id        uuid   NOT NULL,
  id            uuid   NOT NULL,
  fact_id       uuid   NOT NULL,
  shop_id       uuid   NOT NULL,
  account       text   NOT NULL,
  currency      text   NOT NULL,
  booked_on     date   NOT NULL,
  amount_minor  bigint NOT NULL,
  reference     text   NOT NULL,
  description   text   NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX statement_line_day ON statement_line (org_id, shop_id, booked_on DESC, id DESC);

CREATE TABLE statement_match (
  org_id        uuid        NOT NULL,
  line_id       uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  currency      text        NOT NULL,
  line_minor    bigint      NOT NULL,
  booked_minor  bigint      NOT NULL,
  bags          uuid[]      NOT NULL,
  orders        uuid[]      NOT NULL,
  matched_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, line_id, id)
);
CREATE INDEX statement_match_shop ON statement_match (org_id, shop_id);

-- What a safe holds is read from its side of every transfer, the newest first.
CREATE INDEX cash_transfer_from ON cash_transfer (org_id, from_location, occurred_at DESC, id DESC);
CREATE INDEX cash_transfer_to ON cash_transfer (org_id, to_location, occurred_at DESC, id DESC);
