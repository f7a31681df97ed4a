-- The journal from its end: of a subscriber's turns the last comes first. Rows before ?1, at most ?2.
SELECT seq, turns
FROM journal
WHERE seq < ?1
ORDER BY seq DESC
LIMIT ?2
