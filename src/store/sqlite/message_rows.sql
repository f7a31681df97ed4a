-- New messages, changed ones, receipts that came early, those that were matched since, marks; each an array of rows in JSON.
INSERT INTO messages (
    id, state, attempt, lease, due, until, expires, trouble, route, foreign_id, reason, settled, repeat, recipient,
    priority, at, sealed
)
SELECT
    unhex(value ->> '$[0][0]'), value ->> '$[0][1]', value ->> '$[0][2]', value ->> '$[0][3]', value ->> '$[0][4]',
    value ->> '$[0][5]', value ->> '$[0][6]', value ->> '$[0][7]', value ->> '$[0][8]', unhex(value ->> '$[0][9]'),
    value ->> '$[0][10]', value ->> '$[0][11]', value ->> '$[0][12]', unhex(value ->> 1), value ->> 2, value ->> 3,
    unhex(value ->> 4)
FROM json_each(?);

UPDATE messages
SET
    state = given.state, attempt = given.attempt, lease = given.lease, due = given.due, until = given.until,
    expires = given.expires, trouble = given.trouble, route = given.route, foreign_id = given.foreign_id,
    reason = given.reason, settled = given.settled, repeat = given.repeat, forgiven = given.forgiven
FROM (
    SELECT
        unhex(value ->> 0) AS id, value ->> 1 AS state, value ->> 2 AS attempt, value ->> 3 AS lease, value ->> 4 AS due,
        value ->> 5 AS until, value ->> 6 AS expires, value ->> 7 AS trouble, value ->> 8 AS route,
        unhex(value ->> 9) AS foreign_id, value ->> 10 AS reason, value ->> 11 AS settled,
        value ->> 12 AS repeat, value ->> 13 AS forgiven
    FROM json_each(?)
) AS given
WHERE messages.id = given.id;

INSERT INTO early_receipts (foreign_id, status, reason, at)
SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3
FROM json_each(?)
WHERE true
ON CONFLICT (foreign_id) DO UPDATE SET status = excluded.status, reason = excluded.reason, at = excluded.at;

DELETE FROM early_receipts
WHERE foreign_id IN (SELECT unhex(value) FROM json_each(?));

INSERT INTO marks (key, at, until, sealed)
SELECT unhex(value ->> 0), value ->> 1, value ->> 2, unhex(value ->> 3)
FROM json_each(?)
WHERE true
ON CONFLICT (key) DO UPDATE SET at = excluded.at, until = excluded.until, sealed = excluded.sealed;

