-- A batch of lookups: by subscriber ($1) and by leg ($2). A row that is found by both comes twice.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE subscriber = ANY($1::bytea[])
UNION ALL
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE leg = ANY($2::bytea[])
