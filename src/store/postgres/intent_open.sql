SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE subscriber = $1 AND request = $2 AND state < 3
