-- As write.sql, with what few batches have: $18 to $20 are columns of subscribers, $21 to $31 of changed intents, $32 to $42 of
-- new ones; $43 says how many intents must be changed. Tables are written in the order in which they are counted at the
-- end, so that no two nodes wait for each other.
WITH journey AS (
    INSERT INTO journeys (at, session, gateway, channel, program, from_screen, answer, to_screen)
    SELECT
        unnest($10::bigint[]), unnest($11::bytea[]), unnest($12::text[]), unnest($13::text[]), unnest($14::text[]),
        unnest($15::text[]), unnest($16::text[]), unnest($17::text[])
),

turn AS (
    INSERT INTO conversations (
        subscriber, leg, turn, follows, at, expires, expires_hour, history_length, history_hash, sealed
    )
    SELECT
        subscriber, leg, turn, follows, at, expires, expires / 3600000, history_length, history_hash, sealed
    FROM (
        -- As columns of a SELECT they are not kept as a table first, which `FROM unnest(…)` would do.
        SELECT
            unnest($1::bytea[]) AS subscriber, unnest($2::bytea[]) AS leg, unnest($3::bigint[]) AS turn,
            unnest($4::bigint[]) AS follows, unnest($5::bigint[]) AS at, unnest($6::bigint[]) AS expires,
            unnest($7::bigint[]) AS history_length, unnest($8::bytea[]) AS history_hash, unnest($9::bytea[]) AS sealed
    ) AS given
    ON CONFLICT (subscriber) DO UPDATE
    SET
        leg = excluded.leg, follows = excluded.follows, at = excluded.at, expires = excluded.expires,
        expires_hour = excluded.expires_hour, history_length = excluded.history_length,
        history_hash = excluded.history_hash, sealed = excluded.sealed,
        -- What the batch was judged by still stands; or it was not read, and what stands had expired. Else somebody else was
        -- first: then nothing may be written, and the division by zero (22012) says so.
        turn = excluded.turn / (
            conversations.turn = excluded.follows
            OR (excluded.turn = excluded.follows + 1 AND conversations.expires < excluded.at)
        )::int
    RETURNING 1
),

subscriber AS (
    INSERT INTO subscribers (subscriber, at, sealed)
    SELECT
        unnest($18::bytea[]), unnest($19::bigint[]), unnest($20::bytea[])
    ON CONFLICT (subscriber) DO UPDATE SET at = excluded.at, sealed = excluded.sealed
    RETURNING 1
),

changed AS (
    UPDATE intents
    SET state = given.state, due = given.due, tries = given.tries, lease = given.lease, sealed = given.sealed
    FROM (
        SELECT
            unnest($21::bytea[]) AS subscriber, unnest($22::bytea[]) AS id, unnest($23::smallint[]) AS state,
            unnest($24::bigint[]) AS due, unnest($25::bigint[]) AS tries, unnest($26::bigint[]) AS lease,
            unnest($27::bytea[]) AS sealed, unnest($28::smallint[]) AS was_state, unnest($29::bigint[]) AS was_due,
            unnest($30::bigint[]) AS was_tries, unnest($31::bigint[]) AS was_lease
    ) AS given
    WHERE
        intents.subscriber = given.subscriber
        AND intents.id = given.id
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
    SELECT *
    FROM (
        SELECT
            unnest($32::bytea[]), unnest($33::bytea[]), unnest($34::text[]), unnest($35::bytea[]), unnest($36::text[]),
            unnest($37::smallint[]), unnest($38::bigint[]), unnest($39::bigint[]), unnest($40::bigint[]),
            unnest($41::bigint[]), unnest($42::bytea[])
    ) AS given
    -- Always true. It has the changed ones written first: one that is told leaves the index of open requests, which
    -- another for the same request enters.
    WHERE (SELECT count(*) FROM changed) >= 0
    RETURNING 1
)

-- Where an intent was not changed, somebody else was first, too.
SELECT
    1 / (
        CASE
            WHEN
                (SELECT count(*) FROM turn) >= 0
                AND (SELECT count(*) FROM subscriber) >= 0
                AND (SELECT count(*) FROM changed) = $43::bigint
                AND (SELECT count(*) FROM claimed) >= 0
                THEN 1
            ELSE 0
        END
    )
