-- In which epoch the cloud writes an organisation's feeds: raised when it came back from a backup, since
-- what it wrote after that backup is still held by store servers, and is taken back from them.

CREATE TABLE feed_epoch (
  org_id uuid    NOT NULL PRIMARY KEY,
  epoch  integer NOT NULL CHECK (epoch >= 2)
);
