-- What a batch's changes can meet: by id (?1) or by an id of a gateway (?2). Nothing is done to what is sealed, so it is not read.
SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    x'' AS sealed, forgiven
FROM messages
WHERE
    id IN (SELECT unhex(value) FROM json_each(?1))
    OR foreign_id IN (SELECT unhex(value) FROM json_each(?2))
