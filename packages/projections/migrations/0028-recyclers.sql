-- Cash recyclers: machines, what was asked of them, how that ended, and what people said of it. Each fact is a row
-- of its own, so that an end may come before its beginning. What moved is in cash_transfer.

CREATE TABLE recycler (
  org_id     uuid    NOT NULL,
  id         uuid    NOT NULL,
  shop_id    uuid    NOT NULL,
  name       text    NOT NULL DEFAULT '',
  driver     text    NOT NULL DEFAULT '',
  address    text    NOT NULL DEFAULT '',
  currencies text[]  NOT NULL DEFAULT '{}',
  tills      uuid[]  NOT NULL DEFAULT '{}',
  active     boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE recycler_attempt (
  org_id        uuid        NOT NULL,
  attempt_id    uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's.
  shop_id       uuid        NOT NULL,
  recycler_id   uuid        NOT NULL,
  seq_no        text        NOT NULL,
  staff_id      uuid        NOT NULL,
  till_id       uuid,
  session_id    uuid,
  currency      text        NOT NULL,
  work          jsonb       NOT NULL,
  before        jsonb       NOT NULL,
  links         jsonb,
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, attempt_id, id)
);
CREATE INDEX recycler_attempt_machine ON recycler_attempt (org_id, recycler_id, attempt_id DESC);

CREATE TABLE recycler_settlement (
  org_id        uuid        NOT NULL,
  attempt_id    uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  recycler_id   uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  work          jsonb       NOT NULL,
  ending        text        NOT NULL CHECK (ending IN ('done', 'not_done', 'unresolved')),
  cash_in       jsonb       NOT NULL,
  cash_out      jsonb       NOT NULL,
  boxed         jsonb,
  certain       boolean     NOT NULL,
  because       text        NOT NULL,
  code          text,
  after         jsonb,
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, attempt_id, id)
);

-- What a person said of an attempt, of a count, or of both.
CREATE TABLE recycler_resolution (
  org_id        uuid        NOT NULL,
  recycler_id   uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  attempt_id    uuid,
  ending        text        CHECK (ending IN ('done', 'not_done')),
  cash_in       jsonb,
  cash_out      jsonb,
  counted       jsonb,
  variances     jsonb       NOT NULL,
  reason        text        NOT NULL,
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, recycler_id, id)
);
CREATE INDEX recycler_resolution_attempt ON recycler_resolution (org_id, attempt_id);

CREATE TABLE recycler_difference (
  org_id        uuid        NOT NULL,
  recycler_id   uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  attempt_id    uuid,
  differences   jsonb       NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, recycler_id, id)
);

CREATE TABLE recycler_emptying (
  org_id        uuid        NOT NULL,
  recycler_id   uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  cash          jsonb       NOT NULL,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, recycler_id, id)
);

-- What a machine last said that it holds, and how it was: of several facts the latest by id has the word.
CREATE TABLE recycler_stock (
  org_id      uuid        NOT NULL,
  recycler_id uuid        NOT NULL,
  fact_id     uuid        NOT NULL,
  shop_id     uuid        NOT NULL,
  stock       jsonb       NOT NULL,
  told_at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, recycler_id)
);

CREATE TABLE recycler_condition (
  org_id      uuid        NOT NULL,
  recycler_id uuid        NOT NULL,
  fact_id     uuid        NOT NULL,
  shop_id     uuid        NOT NULL,
  condition   jsonb       NOT NULL,
  told_at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, recycler_id)
);
