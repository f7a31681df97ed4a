SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE state < 2 AND due <= ?1
ORDER BY due
LIMIT ?2
