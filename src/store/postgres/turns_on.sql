-- The last turns that were on these legs.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE leg = ANY($1::bytea[])
