-- Moves the oldest rows out of the journal: ?1 conversations that stay, ?2 subscribers of expired ones, ?3 the first row
-- of the journal that stays. Together, so that at every moment a conversation is in the one place or the other.
BEGIN IMMEDIATE;

INSERT INTO conversations (subscriber, leg, turn, at, expires, sealed)
SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, unhex(value ->> 5)
FROM json_each(?1)
WHERE true
ON CONFLICT (subscriber) DO UPDATE
SET leg = excluded.leg, turn = excluded.turn, at = excluded.at, expires = excluded.expires, sealed = excluded.sealed;

-- An earlier turn that was folded and may live longer must not come back when the last one has expired.
DELETE FROM conversations WHERE subscriber IN (SELECT unhex(value) FROM json_each(?2));

DELETE FROM turns WHERE seq < ?3;

COMMIT;
