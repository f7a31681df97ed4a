-- What waits and what is in trouble, by what an operator asks of it.
SELECT state, waits, priority, route, reason, count(*), min(at), min(due)
FROM (
    SELECT state, true AS waits, priority, route, reason, at, due
    FROM messages
    WHERE due IS NOT NULL
    UNION ALL
    SELECT state, false AS waits, priority, route, reason, at, due
    FROM messages
    WHERE trouble IS NOT NULL AND due IS NULL
) AS each_of_them
GROUP BY state, waits, priority, route, reason
