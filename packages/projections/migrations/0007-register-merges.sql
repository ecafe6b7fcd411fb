-- How edits of registers meet: reseals, sets, the node's clock, edits that are held back, and the end of
-- tombstones.

-- An edit is ordered by (rep, hlc, fact_id). `rep` is 0 but after a reseal, by which the cloud takes a field
-- back from a clock that was far ahead. `fact_id` is, of an edit that was relayed, the id of the original.
ALTER TABLE register ADD COLUMN rep integer NOT NULL DEFAULT 0 CHECK (rep >= 0);

-- Credentials and keys are held once for each feed that told of them, so that a feed which takes them back
-- takes its own copy alone. Of all other kinds there is one copy, with an empty scope.
ALTER TABLE register ADD COLUMN scope text NOT NULL DEFAULT '' COLLATE "C";
ALTER TABLE register DROP CONSTRAINT register_pkey;
ALTER TABLE register ADD PRIMARY KEY (org_id, kind, entity_id, field, scope);

-- What was added to a set, or removed from it, value by value. A tag is the id of the fact that added the
-- value, by itself or in a whole list (which is a row of `register`). A removed tag stays removed, also where
-- the add comes later; it has no clock reading, so that both orders leave the same row.
CREATE TABLE register_set (
  org_id    uuid    NOT NULL,
  kind      text    NOT NULL,
  entity_id uuid    NOT NULL,
  field     text    NOT NULL,
  value     text    NOT NULL,
  tag       uuid    NOT NULL,
  rep       integer NOT NULL DEFAULT 0,
  hlc       text    NOT NULL DEFAULT '' COLLATE "C",
  removed   boolean NOT NULL,
  PRIMARY KEY (org_id, kind, entity_id, field, value, tag)
);

-- What is left of an entity whose tombstone has ended: edits up to this stamp say nothing any more.
CREATE TABLE ended_tombstone (
  org_id    uuid    NOT NULL,
  kind      text    NOT NULL,
  entity_id uuid    NOT NULL,
  rep       integer NOT NULL,
  hlc       text    NOT NULL COLLATE "C",
  fact_id   uuid    NOT NULL,
  PRIMARY KEY (org_id, kind, entity_id)
);

-- The clock of this node: the latest reading that it gave, or took over from a fact that was not from the
-- future. Whatever it seals next is later.
CREATE TABLE node_clock (
  org_id uuid NOT NULL PRIMARY KEY,
  hlc    text NOT NULL COLLATE "C"
);

-- When each child was last heard, and how far it holds each feed: a tombstone ends when all have passed it.
CREATE TABLE child_contact (
  org_id   uuid        NOT NULL,
  author   text        NOT NULL,
  heard_at timestamptz NOT NULL,
  -- It was silent for too long: until then its edits wait for a person.
  expired_at timestamptz,
  feeds    jsonb       NOT NULL, -- {stream: position}
  PRIMARY KEY (org_id, author)
);

-- Held back, and holding nothing else back: edits of a clock that is ahead, of what their author may not
-- write, and of a node that was silent for too long.
ALTER TABLE parked DROP CONSTRAINT parked_reason_check;
ALTER TABLE parked ADD CONSTRAINT parked_reason_check CHECK (reason IN
  ('bad_body', 'unknown_type', 'apply_failed', 'behind', 'future_clock', 'not_authorised',
   'expired_author'));

ALTER TABLE exception DROP CONSTRAINT exception_kind_check;
ALTER TABLE exception ADD CONSTRAINT exception_kind_check CHECK (kind IN
  ('refund_exceeds_sale', 'session_closed_twice', 'clock_suspect'));

-- A free text that any node may write, and whether the entity was deleted.
ALTER TABLE product ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN deleted boolean NOT NULL DEFAULT false;
ALTER TABLE employee ADD COLUMN deleted boolean NOT NULL DEFAULT false;
