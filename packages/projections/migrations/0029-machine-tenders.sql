-- What cash recyclers kept of a session's sales, less what they gave for its refunds. It is in no drawer.
ALTER TABLE session_total ADD COLUMN machine_minor bigint NOT NULL DEFAULT 0;
