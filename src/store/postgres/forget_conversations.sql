-- Of what expired before $1, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT subscriber
    FROM conversations
    WHERE
        expires_hour <= $1::bigint / 3600000
        AND expires < $1::bigint
        AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM conversations USING gone
    WHERE conversations.subscriber = gone.subscriber
    RETURNING 1
)

SELECT count(*) FROM deleted
