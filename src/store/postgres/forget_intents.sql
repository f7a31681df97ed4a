-- Of what was claimed before $1, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT subscriber, id
    FROM intents
    WHERE
        state >= 2
        AND at < $1
        AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM intents USING gone
    WHERE intents.subscriber = gone.subscriber AND intents.id = gone.id
    RETURNING 1
)

SELECT count(*) FROM deleted
