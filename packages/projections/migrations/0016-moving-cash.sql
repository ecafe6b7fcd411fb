-- Cash that moves between people: transfers with two signatures, drops that somebody signs for, approvals,
-- drawers that were opened, photos. And how a shop keeps its cash, and up to what a role may move it.

ALTER TABLE shop ADD COLUMN drawer_limit_minor bigint  NOT NULL DEFAULT 0; -- 0: no limit.
ALTER TABLE shop ADD COLUMN tolerance_minor    bigint  NOT NULL DEFAULT 0;
ALTER TABLE shop ADD COLUMN investigate_minor  bigint  NOT NULL DEFAULT 0;
ALTER TABLE shop ADD COLUMN blind_close        boolean NOT NULL DEFAULT true;
ALTER TABLE shop ADD COLUMN float_minor        bigint  NOT NULL DEFAULT 0;

ALTER TABLE role ADD COLUMN limits jsonb NOT NULL DEFAULT '[]';

-- What a movement says beside its transfer; only of movements that say something.
CREATE TABLE cash_movement (
  org_id        uuid  NOT NULL,
  id            uuid  NOT NULL, -- The fact's.
  attachment_id uuid,
  links         jsonb,
  PRIMARY KEY (org_id, id)
);

-- The first signature of cash from drawer to drawer, and what was answered to it. Of several answers that
-- accept, each is a count that stands; `transfer_received_twice` says so.
CREATE TABLE hand_over (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's, and the transfer's.
  shop_id       uuid        NOT NULL,
  till_id       uuid        NOT NULL,
  session_id    uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  to_till_id    uuid        NOT NULL,
  currency      text        NOT NULL,
  amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
  pieces        jsonb,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  given_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX hand_over_shop ON hand_over (org_id, shop_id, given_at DESC, id DESC);

CREATE TABLE hand_over_answer (
  org_id         uuid        NOT NULL,
  transfer_id    uuid        NOT NULL,
  id             uuid        NOT NULL, -- The fact's.
  shop_id        uuid        NOT NULL,
  till_id        uuid        NOT NULL,
  session_id     uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  answer         text        NOT NULL CHECK (answer IN ('accepted', 'declined')),
  currency       text        NOT NULL,
  given_minor    bigint      NOT NULL,
  counted_minor  bigint      NOT NULL,
  variance_minor bigint      NOT NULL,
  note           text        NOT NULL DEFAULT '',
  answered_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, transfer_id, id)
);

-- Who found a drop in the safe, and what it came to.
CREATE TABLE drop_confirmation (
  org_id         uuid        NOT NULL,
  movement_id    uuid        NOT NULL, -- The drop's.
  id             uuid        NOT NULL, -- The fact's.
  shop_id        uuid        NOT NULL,
  session_id     uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  currency       text        NOT NULL,
  dropped_minor  bigint      NOT NULL,
  counted_minor  bigint      NOT NULL,
  counted_pieces jsonb,
  variance_minor bigint      NOT NULL,
  note           text        NOT NULL DEFAULT '',
  confirmed_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, movement_id, id),
  CHECK (variance_minor = counted_minor - dropped_minor)
);

-- A drawer that was opened with nothing sold. Sales, refunds and movements open it too, and say so themselves.
CREATE TABLE drawer_opening (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  till_id       uuid        NOT NULL,
  session_id    uuid,
  staff_id      uuid        NOT NULL,
  reason        text        NOT NULL,
  approver_id   uuid,
  business_date date        NOT NULL,
  opened_at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX drawer_opening_shop ON drawer_opening (org_id, shop_id, opened_at DESC, id DESC);

-- What each approval was used for: once, or somebody cheated or copied.
CREATE TABLE approval_use (
  org_id       uuid        NOT NULL,
  approval_id  uuid        NOT NULL,
  fact_id      uuid        NOT NULL,
  fact_type    text        NOT NULL,
  shop_id      uuid        NOT NULL,
  staff_id     uuid        NOT NULL, -- Who did it.
  approver_id  uuid        NOT NULL,
  permission   text        NOT NULL,
  amount_minor bigint,
  currency     text,
  method       text        NOT NULL,
  approved_at  timestamptz NOT NULL,
  used_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, approval_id, fact_id)
);
CREATE INDEX approval_use_shop ON approval_use (org_id, shop_id, used_at DESC);

-- Approvals that a store server gave by a PIN: good for one act within minutes, then forgotten.
CREATE TABLE approval_given (
  org_id   uuid        NOT NULL,
  id       uuid        NOT NULL,
  act_id   uuid        NOT NULL,
  approval jsonb       NOT NULL,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE attachment (
  org_id   uuid        NOT NULL,
  id       uuid        NOT NULL,
  shop_id  uuid        NOT NULL,
  staff_id uuid        NOT NULL,
  mime     text        NOT NULL,
  bytes    bytea       NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
