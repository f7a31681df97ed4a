-- Messages that the bridge sends by itself.
-- state: 0 queued, 1 claimed, 2 sending, 3 accepted, 4 refused, 5 in doubt, 6 delivered, 7 undelivered, 8 expired.
-- priority: 0 OTP, 1 receipt, 2 notice. repeat: 0 never, 1 harmless.
CREATE TABLE messages (
    id BLOB NOT NULL PRIMARY KEY,
    recipient BLOB NOT NULL,
    priority INTEGER NOT NULL,
    repeat INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    lease INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Nobody sends it by itself where this is null. It stays as it is while somebody is at it, until the moment `until`.
    due INTEGER,
    until INTEGER,
    expires INTEGER NOT NULL,
    -- What an operator is shown: 0 a dead letter, 1 in doubt.
    trouble INTEGER,
    route TEXT,
    foreign_id BLOB,
    reason TEXT,
    settled INTEGER,
    sealed BLOB NOT NULL
) STRICT;
-- In the order in which they are claimed; those that are done with are not in it.
CREATE INDEX messages_due ON messages (priority, due, at) WHERE due IS NOT NULL;
CREATE INDEX messages_done ON messages (at) WHERE due IS NULL;
CREATE INDEX messages_trouble ON messages (trouble, at) WHERE trouble IS NOT NULL;
CREATE INDEX messages_foreign ON messages (foreign_id) WHERE foreign_id IS NOT NULL;

-- Receipts that came before the answer to which they belong. status: 1 failed, 2 delivered.
CREATE TABLE early_receipts (
    foreign_id BLOB NOT NULL PRIMARY KEY,
    status INTEGER NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX early_receipts_at ON early_receipts (at);

-- What happened once.
CREATE TABLE marks (
    key BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_until ON marks (until);

-- What a subscriber has asked for.
CREATE INDEX intents_subscriber ON intents (subscriber);
