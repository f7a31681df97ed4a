-- What a batch's changes can meet: by id ($1) or by an id of a gateway ($2). Nothing is done to what is sealed, so it is not read.
SELECT
    id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled,
    ''::bytea AS sealed, forgiven
FROM messages
WHERE id = ANY($1::bytea[]) OR foreign_id = ANY($2::bytea[])
