-- Of what counts no more at $1, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT key
    FROM marks
    WHERE
        until < $1
        AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM marks USING gone
    WHERE marks.key = gone.key
    RETURNING 1
)

SELECT count(*) FROM deleted
