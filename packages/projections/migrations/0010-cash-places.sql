-- More places and ways for cash than a drawer and a safe, and more rules that a fact may break. Their
-- names are kept by the program (cash/location.ts, apply/effects.ts), so that a new one is no migration.
ALTER TABLE cash_transfer DROP CONSTRAINT cash_transfer_type_check;
ALTER TABLE cash_transfer ADD CONSTRAINT cash_transfer_type_check CHECK (type ~ '^[a-z_]{1,40}$');
CREATE INDEX cash_transfer_shop ON cash_transfer (org_id, shop_id, occurred_at);

ALTER TABLE exception DROP CONSTRAINT exception_kind_check;
ALTER TABLE exception ADD CONSTRAINT exception_kind_check CHECK (kind ~ '^[a-z_]{1,40}$');

ALTER TABLE register DROP CONSTRAINT register_kind_check;
ALTER TABLE register ADD CONSTRAINT register_kind_check CHECK (kind ~ '^[a-z_]{1,40}$');
