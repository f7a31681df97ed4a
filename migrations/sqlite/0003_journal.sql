-- A batch of commits is one row: appended by one statement, its turns and journeys in bytes as src/store/sqlite/journal.rs
-- writes them (version 1: numbers of fixed width, the highest byte first). Upkeep moves journeys on into their own table.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    commits BLOB NOT NULL
) STRICT;

-- The last row of the journal whose journeys are in their table.
CREATE TABLE moved (
    seq INTEGER NOT NULL
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

-- What was folded, and after it the journal's turns: to go on where it was, each in a row of its own.
INSERT INTO journal (seq, commits)
SELECT
    row_number() OVER (ORDER BY seq, at),
    unhex(
        '0101' || hex(subscriber) || hex(leg) || printf('%016X%016X%016X', turn, at, expires)
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
INSERT INTO moved (seq) SELECT coalesce(max(seq), 0) FROM journal;

DROP TABLE turns;
DROP TABLE conversations;
