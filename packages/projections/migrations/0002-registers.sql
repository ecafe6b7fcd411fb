-- Organisation, shops, tills, products, roles, people: entities whose fields are edited.
--
-- `register` holds each field as its latest edit (last writer wins on the hybrid logical clock, ties by
-- fact id); the tables beside it are the same values as columns, made again from it for each entity that
-- an edit touched. Only registers/*-sql.ts writes these tables.

CREATE TABLE register (
  org_id    uuid  NOT NULL,
  kind      text  NOT NULL CHECK (kind IN
    ('org', 'shop', 'till', 'product', 'role', 'employee', 'credential', 'apikey')),
  entity_id uuid  NOT NULL,
  field     text  NOT NULL,
  value     jsonb NOT NULL,
  hlc       text  NOT NULL COLLATE "C",
  fact_id   uuid  NOT NULL,
  PRIMARY KEY (org_id, kind, entity_id, field)
);

CREATE TABLE org (
  org_id uuid NOT NULL PRIMARY KEY,
  name   text NOT NULL DEFAULT ''
);

CREATE TABLE shop (
  org_id         uuid    NOT NULL,
  id             uuid    NOT NULL,
  code           text    NOT NULL DEFAULT '',
  name           text    NOT NULL DEFAULT '',
  address        text    NOT NULL DEFAULT '',
  tax_number     text    NOT NULL DEFAULT '',
  time_zone      text    NOT NULL DEFAULT 'UTC',
  currency       text    NOT NULL DEFAULT 'THB',
  receipt_footer text    NOT NULL DEFAULT '',
  active         boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE till (
  org_id  uuid    NOT NULL,
  id      uuid    NOT NULL,
  shop_id uuid,
  number  integer NOT NULL DEFAULT 1,
  name    text    NOT NULL DEFAULT '',
  active  boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX till_shop ON till (org_id, shop_id);

CREATE TABLE product (
  org_id           uuid    NOT NULL,
  id               uuid    NOT NULL,
  code             text    NOT NULL DEFAULT '',
  name             text    NOT NULL DEFAULT '',
  category         text    NOT NULL DEFAULT '',
  currency         text    NOT NULL DEFAULT 'THB',
  price_minor      bigint  NOT NULL DEFAULT 0,
  vat_basis_points integer NOT NULL DEFAULT 0,
  barcodes         text[]  NOT NULL DEFAULT '{}',
  active           boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX product_name ON product (org_id, name, id);
CREATE INDEX product_code ON product (org_id, code);
CREATE INDEX product_barcodes ON product USING gin (barcodes);

CREATE TABLE role (
  org_id      uuid   NOT NULL,
  id          uuid   NOT NULL,
  name        text   NOT NULL DEFAULT '',
  permissions text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (org_id, id)
);

CREATE TABLE employee (
  org_id   uuid    NOT NULL,
  id       uuid    NOT NULL,
  name     text    NOT NULL DEFAULT '',
  number   text    NOT NULL DEFAULT '',
  roles    uuid[]  NOT NULL DEFAULT '{}',
  shops    uuid[]  NOT NULL DEFAULT '{}',
  language text    NOT NULL DEFAULT 'en',
  active   boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX employee_number ON employee (org_id, number);

CREATE TABLE credential (
  org_id        uuid NOT NULL,
  id            uuid NOT NULL, -- The employee's.
  pin_hash      text,
  password_hash text,
  login         text,
  PRIMARY KEY (org_id, id)
);
-- A login is looked up in all organisations of a cloud, a key by the hash of its secret.
CREATE INDEX credential_login ON credential (login, org_id);

CREATE TABLE apikey (
  org_id      uuid    NOT NULL,
  id          uuid    NOT NULL,
  name        text    NOT NULL DEFAULT '',
  secret_hash text    NOT NULL DEFAULT '',
  permissions text[]  NOT NULL DEFAULT '{}',
  shops       uuid[]  NOT NULL DEFAULT '{}',
  active      boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX apikey_secret_hash ON apikey (secret_hash);
