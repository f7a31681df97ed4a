-- The rows of a batch of turns with whatever else it holds: subscribers and intents, each an array of rows in JSON.
INSERT INTO journal (seq, turns, journeys) VALUES (?, ?, ?);

-- "WHERE true" keeps the parser from reading ON CONFLICT as a join.
INSERT INTO subscribers (subscriber, at, sealed)
SELECT unhex(value ->> 0), value ->> 1, unhex(value ->> 2)
FROM json_each(?)
WHERE true
ON CONFLICT (subscriber) DO UPDATE SET at = excluded.at, sealed = excluded.sealed;

INSERT INTO intents (id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed)
SELECT
    unhex(value ->> 0), unhex(value ->> 1), value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, value ->> 9, unhex(value ->> 10)
FROM json_each(?)
WHERE true
ON CONFLICT (id) DO UPDATE
SET state = excluded.state, due = excluded.due, tries = excluded.tries, lease = excluded.lease, sealed = excluded.sealed;

