-- What no partition of a day took, from before $1, if the lease's fence is still $2.
WITH deleted AS (
    DELETE FROM journeys_default
    WHERE at < $1 AND EXISTS (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = $2)
    RETURNING 1
)

SELECT count(*) FROM deleted
