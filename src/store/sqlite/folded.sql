-- The folded conversations of the subscribers in the JSON array ?1.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE subscriber IN (SELECT unhex(value) FROM json_each(?1))
