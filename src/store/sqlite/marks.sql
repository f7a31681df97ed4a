-- The marks with the keys in the JSON array ?1 that count at ?2.
SELECT key, at, until, sealed
FROM marks
WHERE key IN (SELECT unhex(value) FROM json_each(?1)) AND until >= ?2
