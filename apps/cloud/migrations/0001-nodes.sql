-- Store servers and how they become known; what the cloud alone keeps beside the journal.

CREATE TABLE enrolment_code (
  code_hash  bytea       NOT NULL PRIMARY KEY, -- SHA-256: the code has 60 random bits and ten minutes.
  org_id     uuid        NOT NULL,
  shop_id    uuid        NOT NULL,
  made_by    text        NOT NULL,
  expires_at timestamptz NOT NULL,
  -- The key that it was used with: the same key is answered again, for an answer may be lost.
  used_key   text
);
CREATE INDEX enrolment_code_expires ON enrolment_code (expires_at);

-- One row an enrolment. `major` is granted once and never again, so that no image of an older server ever
-- continues the stream of a newer one.
CREATE TABLE node (
  org_id      uuid        NOT NULL,
  shop_id     uuid        NOT NULL,
  major       integer     NOT NULL CHECK (major >= 1),
  public_key  text        NOT NULL, -- Ed25519, SPKI in DER, base64.
  enrolled_at timestamptz NOT NULL,
  revoked_at  timestamptz,
  PRIMARY KEY (org_id, shop_id, major)
);

-- Words that were signed once. A second time they prove nothing.
CREATE TABLE node_nonce (
  org_id  uuid        NOT NULL,
  nonce   text        NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, nonce)
);
CREATE INDEX node_nonce_used ON node_nonce (used_at);

-- What each shop's feed of credentials was last told of a person or key: what differs is told again.
CREATE TABLE credential_copy (
  org_id    uuid NOT NULL,
  shop_id   uuid NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('credential', 'apikey')),
  entity_id uuid NOT NULL,
  digest    text NOT NULL,
  PRIMARY KEY (org_id, shop_id, kind, entity_id)
);
