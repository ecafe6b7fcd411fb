-- A line of the bank's statement that is no deposit is set aside, and what was said of one is taken back.

CREATE TABLE statement_aside (
  org_id   uuid        NOT NULL,
  line_id  uuid        NOT NULL,
  id       uuid        NOT NULL, -- The fact's.
  shop_id  uuid        NOT NULL,
  staff_id uuid        NOT NULL,
  reason   text        NOT NULL,
  set_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, line_id, id)
);

CREATE TABLE statement_undo (
  org_id    uuid        NOT NULL,
  line_id   uuid        NOT NULL,
  id        uuid        NOT NULL,
  undone_id uuid        NOT NULL, -- The match, or the setting aside, that no longer stands.
  shop_id   uuid        NOT NULL,
  staff_id  uuid        NOT NULL,
  reason    text        NOT NULL,
  undone_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, line_id, id)
);
CREATE INDEX statement_undo_of ON statement_undo (org_id, undone_id);
