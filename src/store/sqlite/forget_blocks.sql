-- Blocks of runs that were forgotten.
DELETE FROM blocks
WHERE number IN (SELECT number FROM blocks WHERE number < ?1 ORDER BY number LIMIT ?2)
