-- Devices that were made tills: what one shows when it syncs, and the major epoch that is its alone. Made
-- from facts, so that a server that replaces a lost one knows the shop's tills.

CREATE TABLE till_device (
  org_id      uuid        NOT NULL,
  id          uuid        NOT NULL, -- The fact's.
  till_id     uuid        NOT NULL,
  shop_id     uuid        NOT NULL,
  major       integer     NOT NULL,
  token_hash  text        NOT NULL,
  public_key  text,
  enrolled_by uuid        NOT NULL,
  enrolled_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX till_device_token ON till_device (org_id, token_hash);
CREATE INDEX till_device_till ON till_device (org_id, till_id, major);
