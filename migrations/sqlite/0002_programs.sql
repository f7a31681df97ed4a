-- Counts how often an intent was leased to be asked after.
ALTER TABLE intents ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;

-- Programs by content hash, as the files they were compiled from: sessions go on with the one they began with.
CREATE TABLE programs (
    version BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    files BLOB NOT NULL
) STRICT;

-- What was published, one after the other: new sessions begin on the last.
CREATE TABLE published (
    number INTEGER PRIMARY KEY,
    version BLOB NOT NULL REFERENCES programs,
    at INTEGER NOT NULL
) STRICT;
