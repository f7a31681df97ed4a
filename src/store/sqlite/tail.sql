-- The journal after row ?1, a page of at most ?2 rows.
SELECT seq, subscriber, leg, turn, at, expires, sealed
FROM turns
WHERE seq > ?1
ORDER BY seq
LIMIT ?2
