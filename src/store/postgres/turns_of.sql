-- What stands before a batch.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE subscriber = ANY($1::bytea[])
