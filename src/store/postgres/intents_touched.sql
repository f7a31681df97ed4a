-- What a batch's changes can meet: intents by id ($1) and open ones by subscriber ($2) and request ($3).
SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE id = ANY($1::bytea[])
UNION
SELECT intents.id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM unnest($2::bytea[], $3::bytea[]) AS wish (wisher, wished)
INNER JOIN intents
    ON subscriber = wisher AND request = wished AND state < 3
