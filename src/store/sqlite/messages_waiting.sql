SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    sealed, forgiven
FROM messages
WHERE due IS NOT NULL
ORDER BY priority, due, at
LIMIT ?1
