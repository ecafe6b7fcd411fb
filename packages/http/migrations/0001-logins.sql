-- Who is logged in here, and who tried: what one server alone knows. It is no projection and never synced.

-- Wrong tries, counted before each answer so that neither a kill nor a hundred tries at once gain any.
-- A subject is what somebody typed or where they came from: `pin:<number>`, `login:<text>`, `address:<ip>`.
CREATE TABLE login_attempt (
  org_id       uuid        NOT NULL,
  subject      text        NOT NULL,
  failures     integer     NOT NULL,
  locked_until timestamptz,
  last_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, subject)
);
CREATE INDEX login_attempt_last ON login_attempt (last_at);

-- One row a login (a family of refresh tokens, each used once and followed by the next).
CREATE TABLE login (
  org_id            uuid        NOT NULL,
  id                uuid        NOT NULL,
  staff_id          uuid        NOT NULL,
  kind              text        NOT NULL CHECK (kind IN ('pin', 'password')),
  -- SHA-256 of the hash that proved the person: another PIN or password ends the login.
  credential_digest text        NOT NULL,
  began_at          timestamptz NOT NULL,
  ends_at           timestamptz NOT NULL,
  revoked_at        timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX login_ends ON login (ends_at);

CREATE TABLE refresh_token (
  token_hash bytea       NOT NULL PRIMARY KEY, -- SHA-256: the token is 256 random bits.
  org_id     uuid        NOT NULL,
  login_id   uuid        NOT NULL,
  used_at    timestamptz,
  FOREIGN KEY (org_id, login_id) REFERENCES login
);
CREATE INDEX refresh_token_login ON refresh_token (org_id, login_id);
