-- Facts of a stream that do not fit the copy held here: another branch of it, by a clone, a restored image
-- or tampering. They stand apart from the journal, and nothing is ever projected from them.

CREATE TABLE forked_fact (
  org_id      uuid        NOT NULL,
  stream      text        NOT NULL COLLATE "C",
  seq         bigint      NOT NULL,
  hash        bytea       NOT NULL CHECK (length(hash) = 32), -- Of the branch up to this fact.
  bytes       bytea       NOT NULL,
  peer        text        NOT NULL, -- Who brought it.
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, stream, seq, hash)
);
