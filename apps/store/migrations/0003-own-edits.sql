-- What this shop's server says of the chain's entities, to be found without a walk through its sales: its tills ask
-- for what the cloud has not told them yet.
CREATE INDEX journal_edit ON journal (org_id, stream, seq) WHERE type LIKE '%.changed';
