-- Daily expenses: cash that somebody asked for, took as an advance, and brought receipt and change for.
--
-- Each fact is a row of its own, so that they may come in any order; the state of an expense is read off
-- what there is (requested < approved, declined < paid < settled). Two nodes that cannot hear each other may
-- both answer, pay or settle: all of it stands, and an exception says so.

CREATE TABLE expensecategory (
  org_id           uuid    NOT NULL,
  id               uuid    NOT NULL,
  name             text    NOT NULL DEFAULT '',
  active           boolean NOT NULL DEFAULT true,
  needs_receipt    boolean NOT NULL DEFAULT false,
  currency         text,   -- Of the limits; null where nobody set any.
  act_minor        bigint, -- Null: bounds nothing. What of a category needs no approval.
  day_minor        bigint,
  person_day_minor bigint,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE expense (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  category_id   uuid        NOT NULL,
  category_name text        NOT NULL,
  staff_id      uuid        NOT NULL,
  currency      text        NOT NULL,
  amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
  purpose       text        NOT NULL,
  recipient     text        NOT NULL DEFAULT '',
  due_at        timestamptz,
  needs_receipt boolean     NOT NULL,
  above         text[]      NOT NULL, -- Limits that it was above when it was asked for.
  business_date date        NOT NULL,
  requested_at  timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX expense_shop ON expense (org_id, shop_id, requested_at DESC, id DESC);
CREATE INDEX expense_time ON expense (org_id, requested_at DESC, id DESC);

CREATE TABLE expense_answer (
  org_id       uuid        NOT NULL,
  expense_id   uuid        NOT NULL,
  id           uuid        NOT NULL,
  shop_id      uuid        NOT NULL,
  approver_id  uuid        NOT NULL,
  approved     boolean     NOT NULL,
  method       text,
  amount_minor bigint,
  note         text        NOT NULL DEFAULT '',
  answered_at  timestamptz NOT NULL,
  PRIMARY KEY (org_id, expense_id, id)
);

CREATE TABLE expense_payment (
  org_id                 uuid        NOT NULL,
  expense_id             uuid        NOT NULL,
  id                     uuid        NOT NULL,
  shop_id                uuid        NOT NULL,
  category_id            uuid        NOT NULL,
  staff_id               uuid        NOT NULL, -- Who gave it out.
  taken_by               uuid        NOT NULL,
  currency               text        NOT NULL,
  amount_minor           bigint      NOT NULL CHECK (amount_minor > 0),
  pieces                 jsonb,
  till_id                uuid,
  session_id             uuid,       -- Null where the safe paid.
  approval_id            uuid,       -- Null: it kept to these limits, as its author knew them.
  act_limit_minor        bigint,
  day_limit_minor        bigint,
  person_day_limit_minor bigint,
  shop_day_limit_minor   bigint,
  business_date          date        NOT NULL,
  paid_at                timestamptz NOT NULL,
  PRIMARY KEY (org_id, expense_id, id)
);
CREATE INDEX expense_payment_day ON expense_payment (org_id, shop_id, business_date);

CREATE TABLE expense_settlement (
  org_id          uuid        NOT NULL,
  expense_id      uuid        NOT NULL,
  id              uuid        NOT NULL,
  shop_id         uuid        NOT NULL,
  category_id     uuid        NOT NULL,
  staff_id        uuid        NOT NULL, -- Who counted.
  taken_by        uuid        NOT NULL,
  currency        text        NOT NULL,
  given_minor     bigint      NOT NULL CHECK (given_minor > 0),
  spent_minor     bigint      NOT NULL CHECK (spent_minor >= 0),
  returned_minor  bigint      NOT NULL CHECK (returned_minor >= 0),
  returned_pieces jsonb,
  variance_minor  bigint      NOT NULL,
  till_id         uuid,
  session_id      uuid,
  photo_id        uuid,
  no_receipt      text        NOT NULL DEFAULT '',
  business_date   date        NOT NULL,
  settled_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, expense_id, id),
  CHECK (variance_minor = spent_minor + returned_minor - given_minor)
);
CREATE INDEX expense_settlement_day ON expense_settlement (org_id, shop_id, business_date);
