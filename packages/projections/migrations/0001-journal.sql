-- The journal: every fact that this node holds, as bytes in its author's order, and what became of it.
--
-- A stream is one author's gapless sequence (it travels up) or one scope's feed (it travels down).
-- Only journal/*-sql.ts writes these tables. Nothing here is ever updated but heads and cursors.

CREATE TABLE stream (
  org_id        uuid   NOT NULL,
  stream        text   NOT NULL COLLATE "C",
  kind          text   NOT NULL CHECK (kind IN ('author', 'feed')),
  head_seq      bigint NOT NULL DEFAULT 0 CHECK (head_seq >= 0),
  head_hash     bytea  NOT NULL CHECK (length(head_hash) = 32),
  -- Facts up to here are projected, or are listed in `parked`.
  projected_seq bigint NOT NULL DEFAULT 0 CHECK (projected_seq <= head_seq),
  -- The author's clock: the latest reading given in this stream.
  hlc           text   NOT NULL DEFAULT '0000000000000000' COLLATE "C",
  -- An author that starts a new epoch seals the old stream; nothing follows a seal.
  sealed        boolean NOT NULL DEFAULT false,
  forked_from   text   COLLATE "C",
  trust         text   NOT NULL DEFAULT 'ok' CHECK (trust IN ('ok', 'suspect', 'quarantined')),
  PRIMARY KEY (org_id, stream)
);

CREATE TABLE journal (
  org_id      uuid        NOT NULL,
  stream      text        NOT NULL COLLATE "C",
  seq         bigint      NOT NULL,
  id          uuid        NOT NULL,
  type        text        NOT NULL,
  bytes       bytea       NOT NULL, -- As sealed or received: the chain runs over these.
  hash        bytea       NOT NULL, -- SHA-256(hash before ‖ bytes); computed here, never taken.
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, stream, seq),
  FOREIGN KEY (org_id, stream) REFERENCES stream
);

-- The effect of a fact is applied once: the first position an id was seen at owns it. It stands apart
-- from the journal because a partitioned table cannot have a unique key without its partition column.
CREATE TABLE fact_id (
  org_id      uuid   NOT NULL,
  id          uuid   NOT NULL,
  stream      text   NOT NULL COLLATE "C",
  seq         bigint NOT NULL,
  -- SHA-256 of the request that led to it, where it came by the API: the same id with another
  -- request is refused, for ever.
  fingerprint bytea,
  PRIMARY KEY (org_id, id)
);

-- What each peer has told us it holds for good. Two watermarks: `acked` is the parent's own, `cloud` is
-- the cloud's as the parent heard it. A node may forget facts only below `cloud`.
CREATE TABLE peer_cursor (
  org_id     uuid   NOT NULL,
  peer       text   NOT NULL,
  stream     text   NOT NULL COLLATE "C",
  acked_seq  bigint NOT NULL DEFAULT 0,
  acked_hash bytea,
  cloud_seq  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, peer, stream)
);

-- Facts that could not be projected, and those that wait behind them on the same keys.
CREATE TABLE parked (
  org_id   uuid        NOT NULL,
  stream   text        NOT NULL COLLATE "C",
  seq      bigint      NOT NULL,
  fact_id  uuid        NOT NULL,
  keys     text[]      NOT NULL,
  reason   text        NOT NULL CHECK (reason IN
    ('bad_body', 'unknown_type', 'apply_failed', 'behind')),
  detail   text        NOT NULL DEFAULT '',
  first_at timestamptz NOT NULL,
  tries    integer     NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, stream, seq)
);
CREATE INDEX parked_keys ON parked USING gin (keys);

-- One row an organisation: the counter that gives live events their order on this server.
CREATE TABLE live_head (
  org_id   uuid   NOT NULL PRIMARY KEY,
  live_seq bigint NOT NULL DEFAULT 0
);

-- What just happened, in the order in which this server projected it: a dashboard resumes by it. It is
-- no projection: it is pruned, and another server numbers the same facts otherwise.
CREATE TABLE live_event (
  org_id      uuid        NOT NULL,
  live_seq    bigint      NOT NULL,
  shop_id     uuid,
  fact_id     uuid        NOT NULL,
  type        text        NOT NULL,
  recorded_at timestamptz NOT NULL,
  -- A few fields to show at once: receipt number, total, staff.
  summary     jsonb       NOT NULL,
  PRIMARY KEY (org_id, live_seq)
);
