-- The journal's rows after ?1, up to ?2.
SELECT commits
FROM journal
WHERE seq > ?1 AND seq <= ?2
ORDER BY seq
