SELECT id, subscriber, operation, request, receipt, state, at, due, tries, sealed
FROM intents
WHERE id = ?1
