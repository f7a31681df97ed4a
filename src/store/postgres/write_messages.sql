-- As write_all.sql, with what fewer batches have: $43 to $87 are columns as those of messages.sql, $88 says how many intents must be
-- changed, $89 how many messages, $90 how many marks must be set.
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
),

queued AS (
    INSERT INTO messages (
        recipient, id, priority, repeat, state, attempt, lease, at, due, until, expires, trouble, route, foreign_id,
        reason, settled, sealed
    )
    SELECT
        unnest($43::bytea[]), unnest($44::bytea[]), unnest($45::smallint[]), unnest($46::smallint[]),
        unnest($47::smallint[]), unnest($48::bigint[]), unnest($49::bigint[]), unnest($50::bigint[]),
        unnest($51::bigint[]), unnest($52::bigint[]), unnest($53::bigint[]), unnest($54::smallint[]),
        unnest($55::text[]), unnest($56::bytea[]), unnest($57::text[]), unnest($58::bigint[]), unnest($59::bytea[])
    RETURNING 1
),

stepped AS (
    UPDATE messages
    SET
        state = given.state, attempt = given.attempt, lease = given.lease, due = given.due, until = given.until,
        expires = given.expires, trouble = given.trouble, route = given.route, foreign_id = given.foreign_id,
        reason = given.reason, settled = given.settled, repeat = given.repeat, forgiven = given.forgiven
    FROM (
        SELECT
            unnest($60::bytea[]) AS recipient, unnest($61::bytea[]) AS id, unnest($62::smallint[]) AS state,
            unnest($63::bigint[]) AS attempt, unnest($64::bigint[]) AS lease, unnest($65::bigint[]) AS due,
            unnest($66::bigint[]) AS until, unnest($67::bigint[]) AS expires, unnest($68::smallint[]) AS trouble,
            unnest($69::text[]) AS route, unnest($70::bytea[]) AS foreign_id, unnest($71::text[]) AS reason,
            unnest($72::bigint[]) AS settled, unnest($73::smallint[]) AS repeat,
            unnest($74::bigint[]) AS forgiven, unnest($75::smallint[]) AS was_state, unnest($76::bigint[]) AS was_attempt,
            unnest($77::bigint[]) AS was_lease
    ) AS given
    WHERE
        messages.recipient = given.recipient
        AND messages.id = given.id
        AND messages.state = given.was_state
        AND messages.attempt = given.was_attempt
        AND messages.lease = given.was_lease
    RETURNING 1
),

kept AS (
    INSERT INTO early_receipts (foreign_id, status, reason, at)
    SELECT
        unnest($78::bytea[]), unnest($79::smallint[]), unnest($80::text[]), unnest($81::bigint[])
    -- Whatever another node keeps of it: what says more counts.
    ON CONFLICT (foreign_id) DO UPDATE
    SET status = excluded.status, reason = excluded.reason, at = excluded.at
    WHERE early_receipts.status < excluded.status
    RETURNING 1
),

matched AS (
    DELETE FROM early_receipts USING (
        SELECT
            unnest($82::bytea[]) AS foreign_id, unnest($83::smallint[]) AS status
    ) AS given
    -- One that says more has come meanwhile, and is matched by upkeep.
    WHERE early_receipts.foreign_id = given.foreign_id AND early_receipts.status = given.status
    RETURNING 1
),

marked AS (
    INSERT INTO marks (key, at, until, sealed)
    SELECT
        unnest($84::bytea[]), unnest($85::bigint[]), unnest($86::bigint[]), unnest($87::bytea[])
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, until = excluded.until, sealed = excluded.sealed
    WHERE marks.until < excluded.at
    RETURNING 1
)

-- Where something was not changed or not set, somebody else was first, too.
SELECT
    1 / (
        CASE
            WHEN
                (SELECT count(*) FROM turn) >= 0
                AND (SELECT count(*) FROM subscriber) >= 0
                AND (SELECT count(*) FROM changed) = $88::bigint
                AND (SELECT count(*) FROM claimed) >= 0
                AND (SELECT count(*) FROM queued) >= 0
                AND (SELECT count(*) FROM stepped) = $89::bigint
                AND (SELECT count(*) FROM kept) >= 0
                AND (SELECT count(*) FROM matched) >= 0
                AND (SELECT count(*) FROM marked) = $90::bigint
                THEN 1
            ELSE 0
        END
    )
