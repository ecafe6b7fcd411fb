-- Cash by piece, of each place in the shop's care: what came in less what went out, face by face, in the
-- transaction of the balance. Face 0 is what is *loose*: an amount, in minor units, whose pieces nobody
-- said. So `sum(face × pieces) + loose` is always the balance, and a face below zero came out of what is
-- loose. Outside places are not kept by piece.
CREATE TABLE cash_inventory (
  org_id     uuid   NOT NULL,
  location   text   NOT NULL,
  currency   text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  face_minor bigint NOT NULL CHECK (face_minor >= 0),
  pieces     bigint NOT NULL,
  PRIMARY KEY (org_id, location, currency, face_minor)
);

-- What moved before this table was there.
INSERT INTO cash_inventory (org_id, location, currency, face_minor, pieces)
SELECT org_id, location, currency, face_minor, sum(pieces)
FROM (
  SELECT moved.org_id, leg.location, moved.currency, part.face_minor, leg.sign * part.pieces AS pieces
  FROM cash_transfer AS moved
  CROSS JOIN LATERAL (
    VALUES (moved.from_location, -1), (moved.to_location, 1)
  ) AS leg (location, sign)
  CROSS JOIN LATERAL (
    SELECT face."faceMinor" AS face_minor, face.pieces
    FROM jsonb_to_recordset(coalesce(moved.pieces, '[]')) AS face ("faceMinor" bigint, pieces bigint)
    UNION ALL
    SELECT 0, moved.amount_minor - coalesce((
      SELECT sum(face."faceMinor" * face.pieces)
      FROM jsonb_to_recordset(coalesce(moved.pieces, '[]')) AS face ("faceMinor" bigint, pieces bigint)
    ), 0)
  ) AS part
  WHERE leg.location ~ '^(drawer|safe|bag|transit|advance|fund):'
) AS piece
WHERE pieces <> 0
GROUP BY org_id, location, currency, face_minor;
