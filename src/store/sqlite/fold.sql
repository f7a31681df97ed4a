-- Moves the oldest rows out of the journal. Parameters, in their order: conversations that stay, subscribers of expired
-- ones, the first row of the journal that stays. Together, so that at every moment a conversation is in the one place or
-- the other. Without numbers, as in append.sql.
BEGIN IMMEDIATE;

INSERT INTO conversations (subscriber, leg, turn, at, expires, sealed)
SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, unhex(value ->> 5)
FROM json_each(?)
WHERE true
ON CONFLICT (subscriber) DO UPDATE
SET leg = excluded.leg, turn = excluded.turn, at = excluded.at, expires = excluded.expires, sealed = excluded.sealed;

-- An earlier turn that was folded and may live longer must not come back when the last one has expired.
DELETE FROM conversations WHERE subscriber IN (SELECT unhex(value) FROM json_each(?));

DELETE FROM turns WHERE seq < ?;

COMMIT;
