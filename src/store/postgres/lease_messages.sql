-- Claims at $1, until $2, the first $3 messages that are due and are of no use after $4, and gives those whose attempt is over, unchanged. What another node is
-- being given at this moment is passed over. Each priority for itself: what is not due yet in one must not be walked through on
-- the way to the next.
WITH found AS MATERIALIZED (
    SELECT one.*
    FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
    CROSS JOIN LATERAL (
        SELECT *
        FROM messages
        WHERE messages.priority = class.priority AND due <= $1 AND coalesce(until, 0) <= $1 AND expires <= $4
        ORDER BY due, at
        LIMIT $3
        FOR UPDATE SKIP LOCKED
    ) AS one
),

given AS MATERIALIZED (
    SELECT recipient, id
    FROM found
    WHERE state <> 2
    ORDER BY priority, due, at, id
    LIMIT $3
),

claimed AS (
    UPDATE messages
    SET state = 1, lease = lease + 1, until = $2, trouble = NULL
    FROM given
    WHERE messages.recipient = given.recipient AND messages.id = given.id
    RETURNING messages.*
)

SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    sealed, forgiven
FROM claimed
UNION ALL
SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    sealed, forgiven
FROM found
WHERE state = 2
