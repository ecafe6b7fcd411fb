-- What people who had no hand in a session say of it. Rows are never changed: two who did not hear of each
-- other may both explain or verify, and both stand.
CREATE TABLE till_explanation (
  org_id        uuid        NOT NULL,
  session_id    uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's.
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  currency      text        NOT NULL,
  reason        text        NOT NULL,
  class         text        NOT NULL, -- What the variance asked for, by the shop's bounds of that moment.
  note          text        NOT NULL,
  photo_id      uuid,
  bookings      jsonb       NOT NULL, -- As in the fact; each is a transfer too.
  booked_minor  bigint      NOT NULL CHECK (booked_minor >= 0), -- Their sum.
  business_date date        NOT NULL,
  explained_at  timestamptz NOT NULL,
  PRIMARY KEY (org_id, session_id, id)
);

CREATE TABLE till_verification (
  org_id        uuid        NOT NULL,
  session_id    uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's. Of two the earlier id is the session's.
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  verified_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, session_id, id)
);

CREATE TABLE movement_verification (
  org_id        uuid        NOT NULL,
  movement_id   uuid        NOT NULL, -- The fact that moved the cash.
  id            uuid        NOT NULL, -- The fact that says so.
  shop_id       uuid        NOT NULL,
  staff_id      uuid        NOT NULL,
  verified_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, movement_id, id)
);
CREATE INDEX movement_verification_fact ON movement_verification (org_id, id);

-- A day's queue, and a movement by its fact.
CREATE INDEX till_session_day ON till_session (org_id, shop_id, business_date);
CREATE INDEX cash_transfer_fact ON cash_transfer (org_id, fact_id);
