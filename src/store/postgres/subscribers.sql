SELECT subscriber, at, sealed
FROM subscribers
WHERE subscriber = ANY($1::bytea[])
