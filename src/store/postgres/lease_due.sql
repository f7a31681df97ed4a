-- Gives the oldest due intents to one node until $2, but those of the departments $4 (`lpg` is that of `lpg.book`); what another node is being given at this moment is passed over.
WITH given AS MATERIALIZED (
    SELECT subscriber, id, due AS was_due
    FROM intents
    WHERE state < 2 AND due <= $1 AND split_part(operation, '.', 1) <> ALL($4::text[])
    ORDER BY due
    LIMIT $3
    FOR UPDATE SKIP LOCKED
)

UPDATE intents
SET due = $2, lease = lease + 1
FROM given
WHERE intents.subscriber = given.subscriber AND intents.id = given.id
RETURNING
    intents.id, intents.subscriber, operation, request, receipt, state, at, due, tries, lease, sealed,
    given.was_due
