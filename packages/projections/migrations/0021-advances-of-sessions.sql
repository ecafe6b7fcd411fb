-- A close looks at what its drawer had given out as advances: by the session, and not through all of them.
CREATE INDEX expense_payment_session ON expense_payment (org_id, session_id);
