-- How a new server gets what it may hold, and how data at rest is compared with a peer's.

-- Packed facts of one range of a stream, named by their SHA-256. A parent keeps full ranges, which never
-- change, so that they are packed once for all children; a child keeps what it fetched until it is loaded.
CREATE TABLE snapshot_chunk (
  org_id   uuid        NOT NULL,
  stream   text        NOT NULL COLLATE "C",
  from_seq bigint      NOT NULL CHECK (from_seq >= 1),
  facts    integer     NOT NULL CHECK (facts >= 1),
  sha256   bytea       NOT NULL CHECK (length(sha256) = 32),
  bytes    bytea       NOT NULL, -- gzip over NDJSON.
  made_at  timestamptz NOT NULL,
  PRIMARY KEY (org_id, stream, from_seq, facts, sha256)
);
CREATE INDEX snapshot_chunk_name ON snapshot_chunk (org_id, sha256);
-- Packed already: trying to pack it again is time for nothing.
ALTER TABLE snapshot_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- How a server's first load stands. Without a row it was never begun; with `finished_at` it is over.
CREATE TABLE bootstrap (
  org_id      uuid        NOT NULL PRIMARY KEY,
  manifest    jsonb,
  -- Every fetched chain was followed to the head that the manifest names.
  verified    boolean     NOT NULL DEFAULT false,
  begun_at    timestamptz NOT NULL,
  finished_at timestamptz
);

-- One comparison of this server's data with its peer's and with itself, for a person to read.
CREATE TABLE reconciliation (
  org_id      uuid        NOT NULL,
  id          uuid        NOT NULL DEFAULT gen_random_uuid(),
  kind        text        NOT NULL CHECK (kind IN ('hourly', 'nightly', 'asked')),
  started_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  streams     integer     NOT NULL,
  buckets     integer     NOT NULL,
  differences integer     NOT NULL,
  repaired    integer     NOT NULL,
  unresolved  integer     NOT NULL,
  -- The first of them: level, what, where, and what became of it.
  findings    jsonb       NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX reconciliation_newest ON reconciliation (org_id, started_at DESC, id DESC);

-- Up to where a stream was compared, so that the next hour begins there.
CREATE TABLE reconciled_cut (
  org_id uuid   NOT NULL,
  stream text   NOT NULL COLLATE "C",
  seq    bigint NOT NULL,
  PRIMARY KEY (org_id, stream)
);

-- When a bucket was mended: one that keeps breaking is left to a person.
CREATE TABLE bucket_repair (
  org_id uuid        NOT NULL,
  stream text        NOT NULL COLLATE "C",
  bucket bigint      NOT NULL,
  at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, stream, bucket, at)
);
