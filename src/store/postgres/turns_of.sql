-- The last turns of these subscribers.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE subscriber = ANY($1::bytea[])
