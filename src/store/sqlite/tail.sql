-- The rows of the journal in the JSON array ?1.
SELECT seq, subscriber, leg, turn, at, expires, sealed
FROM turns
WHERE seq IN (SELECT value FROM json_each(?1))
ORDER BY seq
