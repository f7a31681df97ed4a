-- What the store keeps. Every key is a keyed hash of 16 bytes, everything that says something about a person is sealed.
-- Moments are milliseconds since 1970-01-01T00:00:00Z.

-- "gram" in ASCII: a file with another id is another application's.
PRAGMA application_id = 0x6772616d;

-- The journal of turns: one row appended for each, the durable record of the turn. Each row holds the whole
-- conversation, so the last row of a subscriber is all that a restart needs. No secondary index: one on a random key
-- would dirty a page for every turn. Trimmed from its low end as conversations expire or are folded.
CREATE TABLE turns (
    seq INTEGER PRIMARY KEY,
    subscriber BLOB NOT NULL,
    leg BLOB NOT NULL,
    turn INTEGER NOT NULL,
    at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    history_length INTEGER,
    history_hash BLOB,
    sealed BLOB NOT NULL
) STRICT;

-- Conversations whose last turn has left the journal: idle ones, to be resumed later.
CREATE TABLE conversations (
    subscriber BLOB NOT NULL PRIMARY KEY,
    leg BLOB NOT NULL,
    turn INTEGER NOT NULL,
    at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX conversations_leg ON conversations (leg);
CREATE INDEX conversations_expires ON conversations (expires);

-- The journal of journeys: where people go in the menus, never what they typed.
CREATE TABLE journeys (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    session BLOB NOT NULL,
    gateway TEXT NOT NULL,
    channel TEXT NOT NULL,
    program TEXT NOT NULL,
    from_screen TEXT,
    answer TEXT NOT NULL,
    to_screen TEXT
) STRICT;

CREATE TABLE subscribers (
    subscriber BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- Changing calls. state: 0 claimed, 1 doubtful, 2 settled, 3 told.
CREATE TABLE intents (
    id BLOB NOT NULL PRIMARY KEY,
    subscriber BLOB NOT NULL,
    operation TEXT NOT NULL,
    request BLOB NOT NULL,
    receipt TEXT NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
-- The last guard of "nothing is done twice"; the writer answers `AlreadyOpen` before it comes to this.
CREATE UNIQUE INDEX intents_open ON intents (subscriber, request) WHERE state < 3;
CREATE INDEX intents_due ON intents (due) WHERE state < 2;
CREATE INDEX intents_told ON intents (at) WHERE state = 3;
