-- Of what no partition of a day took, from before $1, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT ctid AS place
    FROM journeys_default
    WHERE at < $1 AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM journeys_default USING gone
    WHERE journeys_default.ctid = gone.place
    RETURNING 1
)

SELECT count(*) FROM deleted
