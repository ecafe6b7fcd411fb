-- A shop's cash is exact: no commit leaves a place whose pieces are not worth its balance, whoever wrote it,
-- this program or a hand. Only on store servers: the cloud's tables stay free of triggers, so that they can
-- be spread over machines.
--
-- The check waits for the commit, since balance and pieces are written by one statement in no order.
CREATE FUNCTION check_cash_pieces() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  org     uuid := coalesce(NEW.org_id, OLD.org_id);
  place   text := coalesce(NEW.location, OLD.location);
  money   text := coalesce(NEW.currency, OLD.currency);
  balance bigint;
  worth   bigint;
BEGIN
  SELECT balance_minor INTO balance FROM cash_balance
  WHERE org_id = org AND location = place AND currency = money;
  SELECT sum(CASE face_minor WHEN 0 THEN pieces ELSE face_minor * pieces END) INTO worth
  FROM cash_inventory
  WHERE org_id = org AND location = place AND currency = money;
  IF coalesce(balance, 0) <> coalesce(worth, 0) THEN
    RAISE EXCEPTION 'the pieces in % are worth % %, its balance is %',
      place, coalesce(worth, 0), money, coalesce(balance, 0)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_pieces_are_worth_the_balance';
  END IF;
  RETURN NULL;
END
$$;

-- A row that leaves its place would leave the old one unchecked: rows are written by key, never moved.
CREATE FUNCTION forbid_cash_key_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % stays where it is', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_keys_stay';
END
$$;

CREATE CONSTRAINT TRIGGER cash_pieces_written AFTER INSERT OR UPDATE ON cash_inventory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_cash_pieces();
CREATE CONSTRAINT TRIGGER cash_pieces_deleted AFTER DELETE ON cash_inventory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_cash_pieces();
CREATE TRIGGER cash_pieces_stay BEFORE UPDATE OF org_id, location, currency, face_minor
  ON cash_inventory FOR EACH ROW
  WHEN ((NEW.org_id, NEW.location, NEW.currency, NEW.face_minor)
    IS DISTINCT FROM (OLD.org_id, OLD.location, OLD.currency, OLD.face_minor))
  EXECUTE FUNCTION forbid_cash_key_change();

CREATE CONSTRAINT TRIGGER cash_balance_written AFTER INSERT OR UPDATE ON cash_balance
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (split_part(NEW.location, ':', 1) IN
    ('drawer', 'safe', 'bag', 'transit', 'advance', 'fund'))
  EXECUTE FUNCTION check_cash_pieces();
CREATE CONSTRAINT TRIGGER cash_balance_deleted AFTER DELETE ON cash_balance
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (split_part(OLD.location, ':', 1) IN
    ('drawer', 'safe', 'bag', 'transit', 'advance', 'fund'))
  EXECUTE FUNCTION check_cash_pieces();
CREATE TRIGGER cash_balance_stays BEFORE UPDATE OF org_id, location, currency
  ON cash_balance FOR EACH ROW
  WHEN ((NEW.org_id, NEW.location, NEW.currency)
    IS DISTINCT FROM (OLD.org_id, OLD.location, OLD.currency))
  EXECUTE FUNCTION forbid_cash_key_change();
