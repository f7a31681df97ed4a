SELECT subscriber, at, sealed
FROM subscribers
WHERE subscriber = ?1
