-- Due at ?1, but of none of the departments ?2, of which operations are named as `lpg.book` is.
SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE
    state < 2 AND due <= ?1
    AND substr(operation, 1, instr(operation, '.') - 1) NOT IN (SELECT value FROM json_each(?2))
ORDER BY due
LIMIT ?3
