-- What waits and what is in trouble, by what an operator asks of it.
SELECT state, waits, priority, route, reason, count(*), min(at), min(due)
FROM (
    SELECT state, 1 AS waits, priority, route, reason, at, due
    FROM messages
    WHERE due IS NOT NULL
    UNION ALL
    SELECT state, 0 AS waits, priority, route, reason, at, due
    FROM messages
    WHERE trouble IS NOT NULL AND due IS NULL
)
GROUP BY state, waits, priority, route, reason
