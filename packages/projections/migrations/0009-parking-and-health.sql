-- What a person can do about facts that cannot be projected, and how the nodes below this one do.

-- The shop whose fact it is, from its scope; null where it is the chain's.
ALTER TABLE parked ADD COLUMN shop_id uuid;
-- The order in which parked facts are shown and tried: that in which they came.
CREATE INDEX parked_order ON parked (org_id, first_at, stream, seq);

-- Facts that persons settled: they count nothing, on every node that holds the resolution.
CREATE TABLE fact_resolution (
  org_id         uuid        NOT NULL,
  id             uuid        NOT NULL, -- The resolution's own fact.
  fact_id        uuid        NOT NULL,
  -- Whose facts its author may settle: 'all', or a scope.
  reach          text        NOT NULL,
  how            text        NOT NULL CHECK (how IN ('skipped', 'replaced')),
  replacement_id uuid        CHECK (replacement_id <> fact_id),
  note           text        NOT NULL,
  actor          text        NOT NULL,
  resolved_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX fact_resolution_fact ON fact_resolution (org_id, fact_id);

-- What a node below this one said of itself at its last hello, and what its hello told of the nodes below it.
CREATE TABLE child_health (
  org_id            uuid        NOT NULL,
  author            text        NOT NULL,
  shop_id           uuid        NOT NULL,
  -- Null for a node that was only spoken of: a till, in the cloud.
  hello_at          timestamptz,
  epoch             text,
  build             text,
  proto             integer,
  -- Its clock less ours; the way of the message is in it.
  clock_offset_ms   bigint,
  parked            integer,
  oldest_unacked_at timestamptz,
  reconciled_at     timestamptz,
  -- The streams of which it held more than we did: [{"stream", "seq"}].
  behind            jsonb       NOT NULL DEFAULT '[]',
  PRIMARY KEY (org_id, author)
);

-- Exceptions that somebody has looked at, on this server.
CREATE TABLE exception_seen (
  org_id  uuid        NOT NULL,
  id      text        NOT NULL,
  seen_at timestamptz NOT NULL,
  seen_by text        NOT NULL,
  PRIMARY KEY (org_id, id)
);
