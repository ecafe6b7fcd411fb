-- A session's whole life: opened on what was left, handed over, suspended and resumed at another till, ended
-- without a count, counted, closed. What happened stands in rows of its own; where a session stands now is
-- worked out from them anew whenever one of them arrives, so the order of arrival does not matter.

ALTER TABLE till_session
  ADD COLUMN left_minor bigint NOT NULL DEFAULT 0,
  ADD COLUMN loan_minor bigint NOT NULL DEFAULT 0,
  -- Float less left and loan: what the drawer gained or lost since it was counted last.
  ADD COLUMN opening_variance_minor bigint NOT NULL DEFAULT 0,
  -- Floats of other currencies, as in the fact.
  ADD COLUMN others jsonb;
UPDATE till_session SET loan_minor = float_minor;

ALTER TABLE till_close
  ADD COLUMN of_staff_id uuid, -- Whose session it was, where somebody else counted it.
  ADD COLUMN others jsonb,
  ADD COLUMN left_cash jsonb, -- What stays in the drawer, by currency.
  ADD COLUMN recounts integer NOT NULL DEFAULT 0,
  ADD COLUMN declared jsonb,
  ADD COLUMN knew jsonb; -- How many sales and refunds its author knew of.
-- What the next opening finds in a drawer.
CREATE INDEX till_close_till ON till_close (org_id, till_id, closed_at DESC, id DESC);

CREATE TABLE session_step (
  org_id        uuid        NOT NULL,
  session_id    uuid        NOT NULL,
  id            uuid        NOT NULL, -- The fact's.
  kind          text        NOT NULL CHECK (kind IN ('ended', 'handed_over', 'suspended', 'resumed')),
  shop_id       uuid        NOT NULL,
  till_id       uuid        NOT NULL, -- Of `resumed` the till where it goes on.
  staff_id      uuid        NOT NULL, -- Who did it; of `handed_over` who gave the drawer away.
  to_staff_id   uuid,
  from_till_id  uuid,
  counted       jsonb,
  reason        text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, session_id, id)
);

CREATE TABLE till_count (
  org_id         uuid        NOT NULL,
  session_id     uuid        NOT NULL,
  id             uuid        NOT NULL,
  shop_id        uuid        NOT NULL,
  till_id        uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  kind           text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  counted_minor  bigint      NOT NULL CHECK (counted_minor >= 0),
  faces          jsonb,
  expected_minor bigint,
  business_date  date        NOT NULL,
  occurred_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, session_id, id)
);
CREATE INDEX till_count_till ON till_count (org_id, till_id, occurred_at);

-- Where each session stands: made from the rows above by `refreshSessions`, and by nothing else.
CREATE TABLE session_now (
  org_id     uuid        NOT NULL,
  session_id uuid        NOT NULL,
  shop_id    uuid        NOT NULL,
  till_id    uuid        NOT NULL, -- Where its drawer is, or was last.
  staff_id   uuid        NOT NULL, -- Whose it is, or was last.
  state      text        NOT NULL CHECK (state IN ('open', 'reconciling', 'closed',
    'closed_with_variance', 'verified')),
  suspended  boolean     NOT NULL,
  since_at   timestamptz NOT NULL, -- At this till from then,
  until_at   timestamptz, -- until then; null while it is there.
  PRIMARY KEY (org_id, session_id)
);
CREATE INDEX session_now_till ON session_now (org_id, till_id, until_at);
CREATE INDEX session_now_open ON session_now (org_id, shop_id)
  WHERE state IN ('open', 'reconciling');

INSERT INTO session_now
SELECT session.org_id, session.id, session.shop_id, session.till_id, session.staff_id,
  CASE WHEN closed.id IS NULL THEN 'open' WHEN EXISTS (
    SELECT FROM till_verification AS verified
    WHERE verified.org_id = session.org_id AND verified.session_id = session.id
  ) THEN 'verified' WHEN closed.variance_minor = 0 THEN 'closed'
    ELSE 'closed_with_variance' END,
  FALSE, session.opened_at, closed.closed_at
FROM till_session AS session
LEFT JOIN LATERAL (
  SELECT id, variance_minor, closed_at
  FROM till_close
  WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
  ORDER BY id
  LIMIT 1
) AS closed ON TRUE;

CREATE INDEX exception_kind ON exception (org_id, kind);
