-- Of what came before $1, at most $2, if the lease's fence is still $3.
WITH gone AS MATERIALIZED (
    SELECT foreign_id
    FROM early_receipts
    WHERE
        at < $1
        AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $3)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),

deleted AS (
    DELETE FROM early_receipts USING gone
    WHERE early_receipts.foreign_id = gone.foreign_id
    RETURNING 1
)

SELECT count(*) FROM deleted
