-- What a batch's changes can meet: intents by id (?1) and open ones by subscriber and request (?2).
SELECT id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM intents
WHERE id IN (SELECT unhex(value) FROM json_each(?1))
UNION
SELECT intents.id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed
FROM json_each(?2) AS wish
INNER JOIN intents
    ON subscriber = unhex(wish.value ->> 0) AND request = unhex(wish.value ->> 1) AND state < 3
