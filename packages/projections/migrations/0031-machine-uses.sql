-- Which act an attempt of a cash recycler was for, and what the act says that moved: in above zero, out below. What the
-- machine says that it moved is in cash_transfer; both are laid beside each other (recycler-payments-sql.ts).
CREATE TABLE machine_use (
  org_id        uuid        NOT NULL,
  attempt_id    uuid        NOT NULL,
  act_id        uuid        NOT NULL,
  part          text        NOT NULL, -- Names the tender within its act.
  shop_id       uuid        NOT NULL,
  kind          text        NOT NULL,
  staff_id      uuid        NOT NULL,
  currency      text        NOT NULL,
  amount_minor  bigint      NOT NULL,
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, attempt_id, act_id, part)
);
CREATE INDEX machine_use_act ON machine_use (org_id, act_id);
-- What was given again for an earlier attempt.
CREATE INDEX recycler_attempt_for ON recycler_attempt (org_id, (links ->> 'forAttemptId'))
  WHERE links ->> 'forAttemptId' IS NOT NULL;
