-- The marks with the keys $1 that count at $2.
SELECT key, at, until, sealed
FROM marks
WHERE key = ANY($1::bytea[]) AND until >= $2
