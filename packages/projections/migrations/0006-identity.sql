-- Who is who: what tells a copy of a node from the node, and what shows that a history was written anew.

-- What somebody should look at: a copy, a fork, a restored database, a clock. Kept when it is over.
CREATE TABLE incident (
  org_id      uuid        NOT NULL,
  id          uuid        NOT NULL DEFAULT gen_random_uuid(),
  kind        text        NOT NULL,
  node        text        NOT NULL, -- The author that it is about.
  stream      text        COLLATE "C",
  detail      jsonb       NOT NULL,
  at          timestamptz NOT NULL,
  resolved_at timestamptz,
  resolved_by text,
  PRIMARY KEY (org_id, id)
);
-- A thing that goes on is one incident, however often it is seen.
CREATE UNIQUE INDEX incident_open ON incident (org_id, kind, node, coalesce(stream, ''))
  WHERE resolved_at IS NULL;
CREATE INDEX incident_newest ON incident (org_id, at DESC, id DESC);

-- The rolling tokens that each child said, in order, by its major epoch: of two copies of a child, the
-- second that goes on from the same word is seen. The newest sixteen are kept.
CREATE TABLE child_token (
  org_id uuid        NOT NULL,
  author text        NOT NULL,
  major  integer     NOT NULL,
  nth    bigint      NOT NULL,
  token  text        NOT NULL,
  at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, author, major, nth)
);

-- The major epochs that were granted to children who asked: the same request is answered the same.
CREATE TABLE renewed_epoch (
  org_id  uuid        NOT NULL,
  author  text        NOT NULL,
  request uuid        NOT NULL,
  major   integer     NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, author, request)
);

-- The newest head of a stream that its author signed, and what the author signs with (base64 of SPKI).
CREATE TABLE head_signature (
  org_id     uuid        NOT NULL,
  stream     text        NOT NULL COLLATE "C",
  seq        bigint      NOT NULL,
  hash       bytea       NOT NULL CHECK (length(hash) = 32),
  signature  bytea       NOT NULL CHECK (length(signature) = 64),
  public_key text        NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (org_id, stream)
);

-- The newest head of a stream that the cloud countersigned, in the cloud and below it.
CREATE TABLE head_receipt (
  org_id     uuid        NOT NULL,
  stream     text        NOT NULL COLLATE "C",
  seq        bigint      NOT NULL,
  hash       bytea       NOT NULL CHECK (length(hash) = 32),
  signature  bytea       NOT NULL CHECK (length(signature) = 64),
  public_key text        NOT NULL,
  at         timestamptz NOT NULL, -- Signed with the rest.
  PRIMARY KEY (org_id, stream)
);

-- What this node says of itself to its parent: the word that was answered last, and the one that is said
-- until it is answered. A copy of this database has a copy of this row, which is how it is found.
CREATE TABLE own_token (
  org_id uuid    NOT NULL,
  author text    NOT NULL,
  major  integer NOT NULL,
  held   text    NOT NULL,
  next   text    NOT NULL,
  PRIMARY KEY (org_id, author, major)
);

-- A mark that is here and in a file beside the database: where they differ, one of the two is a copy. A
-- server of many organisations has one mark, under the nil UUID.
CREATE TABLE body_mark (
  org_id uuid        NOT NULL PRIMARY KEY,
  mark   text        NOT NULL,
  at     timestamptz NOT NULL
);
