-- One batch of turns with their journeys: all of it or nothing. Parameters are columns, an array each: $1 to $9 of the turns (the
-- last of each subscriber), $10 to $17 of the journeys. Rows are in the order of their keys, so that no two nodes wait for each
-- other.
WITH journey AS (
    INSERT INTO journeys (at, session, gateway, channel, program, from_screen, answer, to_screen)
    SELECT
        unnest($10::bigint[]), unnest($11::bytea[]), unnest($12::text[]), unnest($13::text[]), unnest($14::text[]),
        unnest($15::text[]), unnest($16::text[]), unnest($17::text[])
)

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
