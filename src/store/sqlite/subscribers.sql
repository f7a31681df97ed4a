-- The records of the subscribers in the JSON array ?1.
SELECT subscriber, at, sealed
FROM subscribers
WHERE subscriber IN (SELECT unhex(value) FROM json_each(?1))
