-- One batch of commits as one statement: all of it or nothing. Parameters 1 to 5 are arrays of rows in JSON, bytes in
-- hexadecimal: turns (the last of each subscriber), subscribers, changed intents, new intents, journeys; 6 and 7 say how
-- many turns and changed intents must be written. Rows are in the order of their keys, and tables in this order, so that
-- no two nodes wait for each other.
WITH turn AS (
    INSERT INTO conversations (
        subscriber, leg, turn, follows, at, expires, expires_hour, history_length, history_hash, sealed
    )
    SELECT
        decode(subscriber, 'hex'), decode(leg, 'hex'), turn, follows, at, expires, expires / 3600000,
        history_length, decode(history_hash, 'hex'), decode(sealed, 'hex')
    FROM json_to_recordset($1::json) AS given (
        subscriber text, leg text, turn bigint, follows bigint, at bigint, expires bigint,
        history_length bigint, history_hash text, sealed text
    )
    ON CONFLICT (subscriber) DO UPDATE
    SET
        leg = excluded.leg, turn = excluded.turn, follows = excluded.follows, at = excluded.at,
        expires = excluded.expires, expires_hour = excluded.expires_hour, history_length = excluded.history_length,
        history_hash = excluded.history_hash, sealed = excluded.sealed
    -- What the batch was judged by still stands; or it was not read, and what stands had expired.
    WHERE
        conversations.turn = excluded.follows
        OR (excluded.turn = excluded.follows + 1 AND conversations.expires < excluded.at)
    RETURNING 1
),

subscriber AS (
    INSERT INTO subscribers (subscriber, at, sealed)
    SELECT decode(subscriber, 'hex'), at, decode(sealed, 'hex')
    FROM json_to_recordset($2::json) AS given (subscriber text, at bigint, sealed text)
    ON CONFLICT (subscriber) DO UPDATE SET at = excluded.at, sealed = excluded.sealed
    RETURNING 1
),

changed AS (
    UPDATE intents
    SET
        state = given.state, due = given.due, tries = given.tries, lease = given.lease,
        sealed = decode(given.sealed, 'hex')
    FROM json_to_recordset($3::json) AS given (
        subscriber text, id text, state smallint, due bigint, tries bigint, lease bigint, sealed text,
        was_state smallint, was_due bigint, was_tries bigint, was_lease bigint
    )
    WHERE
        intents.subscriber = decode(given.subscriber, 'hex')
        AND intents.id = decode(given.id, 'hex')
        AND intents.state = given.was_state
        AND intents.due = given.was_due
        AND intents.tries = given.was_tries
        AND intents.lease = given.was_lease
    RETURNING 1
),

claimed AS (
    INSERT INTO intents (
        subscriber, id, operation, request, receipt, state, at, due, tries, lease, sealed
    )
    SELECT
        decode(subscriber, 'hex'), decode(id, 'hex'), operation, decode(request, 'hex'), receipt, state, at,
        due, tries, lease, decode(sealed, 'hex')
    FROM json_to_recordset($4::json) AS given (
        subscriber text, id text, operation text, request text, receipt text, state smallint, at bigint,
        due bigint, tries bigint, lease bigint, sealed text
    )
    -- Always true. It has the changed ones written first: one that is told leaves the index of open requests, which
    -- another for the same request enters.
    WHERE (SELECT count(*) FROM changed) >= 0
    RETURNING 1
),

journey AS (
    INSERT INTO journeys (at, session, gateway, channel, program, from_screen, answer, to_screen)
    SELECT at, decode(session, 'hex'), gateway, channel, program, from_screen, answer, to_screen
    FROM json_to_recordset($5::json) AS given (
        at bigint, session text, gateway text, channel text, program text, from_screen text, answer text,
        to_screen text
    )
)

-- Where a row was not written, somebody else was first: then nothing may be, and the division by zero (22012) says so.
SELECT
    1 / (
        CASE
            WHEN
                (SELECT count(*) FROM turn) = $6::bigint
                AND (SELECT count(*) FROM subscriber) >= 0
                AND (SELECT count(*) FROM changed) = $7::bigint
                AND (SELECT count(*) FROM claimed) >= 0
                THEN 1
            ELSE 0
        END
    )
