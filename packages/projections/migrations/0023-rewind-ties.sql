-- The newest session of a till before an instant is found in one step of an index, ties and all: without the
-- id at its end the planner took the index of all sessions by time, and passed by those of every other till.
DROP INDEX till_session_till;
CREATE INDEX till_session_till ON till_session (org_id, till_id, opened_at DESC, id DESC);
DROP INDEX session_step_till;
CREATE INDEX session_step_till
  ON session_step (org_id, till_id, kind, occurred_at DESC, id DESC);
