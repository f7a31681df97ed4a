SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE subscriber = $1
ORDER BY at DESC, id DESC
LIMIT $2
