-- Messages that may be claimed at ?1 and are of no use after ?3, and of those such whose attempt is over; at most ?2 of each priority, since
-- what is not due yet in one must not be walked through on the way to the next.
SELECT *
FROM (
    SELECT
        id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason,
        settled, sealed, forgiven
    FROM messages
    WHERE priority = 0 AND due <= ?1 AND coalesce(until, 0) <= ?1 AND expires <= ?3
    ORDER BY due, at
    LIMIT ?2
)
UNION ALL
SELECT *
FROM (
    SELECT
        id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason,
        settled, sealed, forgiven
    FROM messages
    WHERE priority = 1 AND due <= ?1 AND coalesce(until, 0) <= ?1 AND expires <= ?3
    ORDER BY due, at
    LIMIT ?2
)
UNION ALL
SELECT *
FROM (
    SELECT
        id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason,
        settled, sealed, forgiven
    FROM messages
    WHERE priority = 2 AND due <= ?1 AND coalesce(until, 0) <= ?1 AND expires <= ?3
    ORDER BY due, at
    LIMIT ?2
)
