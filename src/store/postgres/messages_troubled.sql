-- Dead letters ($1 is 0), those in doubt (1) or those not delivered (3), the newest first.
SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    sealed, forgiven
FROM messages
WHERE trouble = $1
ORDER BY at DESC
LIMIT $2
