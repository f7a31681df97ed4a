-- A batch of nothing but messages, receipts of messages and marks, as those of the outbox are: $1 to $17 are columns of new messages,
-- $18 to $35 of changed ones, $36 to $39 of receipts that came early, $40 and $41 of those that are matched, $42 to $45 of marks;
-- $46 says how many messages must be changed, $47 how many marks be set. Tables are written in the order in which they are
-- counted at the end.
WITH queued AS (
    INSERT INTO messages (
        recipient, id, priority, repeat, state, attempt, lease, at, due, until, expires, trouble, route, foreign_id,
        reason, settled, sealed
    )
    SELECT
        unnest($1::bytea[]), unnest($2::bytea[]), unnest($3::smallint[]), unnest($4::smallint[]),
        unnest($5::smallint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]),
        unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::smallint[]),
        unnest($13::text[]), unnest($14::bytea[]), unnest($15::text[]), unnest($16::bigint[]), unnest($17::bytea[])
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
            unnest($18::bytea[]) AS recipient, unnest($19::bytea[]) AS id, unnest($20::smallint[]) AS state,
            unnest($21::bigint[]) AS attempt, unnest($22::bigint[]) AS lease, unnest($23::bigint[]) AS due,
            unnest($24::bigint[]) AS until, unnest($25::bigint[]) AS expires, unnest($26::smallint[]) AS trouble,
            unnest($27::text[]) AS route, unnest($28::bytea[]) AS foreign_id, unnest($29::text[]) AS reason,
            unnest($30::bigint[]) AS settled, unnest($31::smallint[]) AS repeat,
            unnest($32::bigint[]) AS forgiven, unnest($33::smallint[]) AS was_state, unnest($34::bigint[]) AS was_attempt,
            unnest($35::bigint[]) AS was_lease
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
        unnest($36::bytea[]), unnest($37::smallint[]), unnest($38::text[]), unnest($39::bigint[])
    -- Whatever another node keeps of it: what says more counts.
    ON CONFLICT (foreign_id) DO UPDATE
    SET status = excluded.status, reason = excluded.reason, at = excluded.at
    WHERE early_receipts.status < excluded.status
    RETURNING 1
),

matched AS (
    DELETE FROM early_receipts USING (
        SELECT
            unnest($40::bytea[]) AS foreign_id, unnest($41::smallint[]) AS status
    ) AS given
    -- One that says more has come meanwhile, and is matched by upkeep.
    WHERE early_receipts.foreign_id = given.foreign_id AND early_receipts.status = given.status
    RETURNING 1
),

marked AS (
    INSERT INTO marks (key, at, until, sealed)
    SELECT
        unnest($42::bytea[]), unnest($43::bigint[]), unnest($44::bigint[]), unnest($45::bytea[])
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, until = excluded.until, sealed = excluded.sealed
    WHERE marks.until < excluded.at
    RETURNING 1
)

-- Where a message was not changed or a mark not set, somebody else was first.
SELECT
    1 / (
        CASE
            WHEN
                (SELECT count(*) FROM queued) >= 0
                AND (SELECT count(*) FROM stepped) = $46::bigint
                AND (SELECT count(*) FROM kept) >= 0
                AND (SELECT count(*) FROM matched) >= 0
                AND (SELECT count(*) FROM marked) = $47::bigint
                THEN 1
            ELSE 0
        END
    )
