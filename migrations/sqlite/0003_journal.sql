-- A batch of commits is one row, appended by one statement. Its turns are bytes as src/store/sqlite/journal.rs writes them
-- (numbers of fixed width, the highest byte first), its journeys an array in JSON for each: at, session in hexadecimal,
-- gateway, channel, program, from_screen, answer, to_screen.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    turns BLOB NOT NULL,
    journeys TEXT
) STRICT;

-- The journeys of rows that have left the journal, under their numbers, and the moment of the last of them.
CREATE TABLE journeys_kept (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    journeys TEXT NOT NULL
) STRICT;

-- Conversations that have left the journal, in runs: each is written once, in the order of its subscribers, and forgotten as
-- a whole, so that no page in the middle of a tree is ever changed. What a later run says of a subscriber counts.
CREATE TABLE runs (
    -- The number of its first block.
    first INTEGER PRIMARY KEY,
    -- When the last of its conversations expires.
    expires INTEGER NOT NULL,
    -- Four bytes each: how the keys begin, in their order. It is all of a run that is kept in memory.
    subscribers BLOB NOT NULL,
    -- Eight bytes each: how the legs begin, in their order, and the place of the conversation in the run.
    legs BLOB NOT NULL
) STRICT;
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY,
    conversations BLOB NOT NULL
) STRICT;

INSERT INTO journeys_kept (seq, at, journeys)
SELECT
    max(seq), max(at),
    json_group_array(
        json_array(at, lower(hex(session)), gateway, channel, program, from_screen, answer, to_screen)
    )
FROM (SELECT * FROM journeys ORDER BY seq)
GROUP BY seq / 256;

-- What was folded, and after it the journal's turns: to go on where it was, each in a row of its own.
INSERT INTO journal (seq, turns)
SELECT
    (SELECT coalesce(max(seq), 0) FROM journeys_kept) + row_number() OVER (ORDER BY seq, at),
    unhex(
        '01' || hex(subscriber) || hex(leg) || printf('%016X%016X%016X', turn, at, expires)
        || iif(history_hash IS NULL, '00', printf('01%08X', history_length) || hex(history_hash))
        || printf('%08X', length(sealed)) || hex(sealed)
    )
FROM (
    SELECT 0 AS seq, subscriber, leg, turn, at, expires, NULL AS history_length, NULL AS history_hash, sealed
    FROM conversations
    UNION ALL
    SELECT seq, subscriber, leg, turn, at, expires, history_length, history_hash, sealed
    FROM turns
);

DROP TABLE journeys;
DROP TABLE turns;
DROP TABLE conversations;

-- Journeys, a row each, from the moment when their turns are durable.
CREATE VIEW journeys AS
SELECT
    batch.seq,
    journey.value ->> 0 AS at,
    unhex(journey.value ->> 1) AS session,
    journey.value ->> 2 AS gateway,
    journey.value ->> 3 AS channel,
    journey.value ->> 4 AS program,
    journey.value ->> 5 AS from_screen,
    journey.value ->> 6 AS answer,
    journey.value ->> 7 AS to_screen
FROM (
    SELECT seq, journeys FROM journeys_kept
    UNION ALL
    SELECT seq, journeys FROM journal WHERE journeys IS NOT NULL
) AS batch, json_each(batch.journeys) AS journey;
