-- Where a session went on: a drawer is rewound by its till, to the newest session there before an instant.
CREATE INDEX session_step_till ON session_step (org_id, till_id, kind, occurred_at DESC);
