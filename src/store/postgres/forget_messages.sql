-- Of what was queued before $1 and is done with, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT recipient, id
    FROM messages
    WHERE
        due IS NULL
        AND at < $1
        AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM messages USING gone
    WHERE messages.recipient = gone.recipient AND messages.id = gone.id
    RETURNING 1
)

SELECT count(*) FROM deleted
