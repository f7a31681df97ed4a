-- Blocks that a run names, from the last on. Those before ?1, at most ?2.
SELECT number, conversations
FROM blocks
WHERE number < ?1 AND number >= (SELECT min(first) FROM runs)
ORDER BY number DESC
LIMIT ?2
