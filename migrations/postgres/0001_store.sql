-- What the store keeps. Every key is a keyed hash of 16 bytes, everything that says something about a person is sealed.
-- Moments are milliseconds since 1970-01-01T00:00:00Z. Keys begin with the subscriber, so that tables can be spread by it.

-- The last turn of each subscriber. There is no journal of turns beside it: the row is what a commit makes durable.
-- No index on a column that changes with every turn, and room in each page: an update then stays in its page (HOT) and
-- touches no index.
CREATE TABLE conversations (
    subscriber bytea NOT NULL PRIMARY KEY CHECK (octet_length(subscriber) = 16),
    leg bytea NOT NULL CHECK (octet_length(leg) = 16),
    turn bigint NOT NULL,
    -- The turn that stood when this one was written. One less, except where several turns were written at once or an
    -- expired conversation was replaced: an update compares it with what it finds.
    follows bigint NOT NULL,
    at bigint NOT NULL,
    expires bigint NOT NULL,
    -- Whole hours since 1970: what has expired is found by it, and it changes once in an hour.
    expires_hour bigint NOT NULL CHECK (expires_hour = expires / 3600000),
    history_length bigint,
    history_hash bytea CHECK (octet_length(history_hash) = 16),
    sealed bytea NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX conversations_leg ON conversations (leg);
CREATE INDEX conversations_expires ON conversations (expires_hour);
-- By this a database is known to be ours.
COMMENT ON TABLE conversations IS 'gramsetu: the last turn of each subscriber';

-- Where people go in the menus, never what they typed. A partition a day (UTC), made ahead and dropped when its time has
-- come; what finds none goes to the default one.
CREATE TABLE journeys (
    at bigint NOT NULL,
    session bytea NOT NULL CHECK (octet_length(session) = 16),
    gateway text NOT NULL,
    channel text NOT NULL,
    program text NOT NULL,
    from_screen text,
    answer text NOT NULL,
    to_screen text
) PARTITION BY RANGE (at);
CREATE TABLE journeys_default PARTITION OF journeys DEFAULT;

CREATE TABLE subscribers (
    subscriber bytea NOT NULL PRIMARY KEY CHECK (octet_length(subscriber) = 16),
    at bigint NOT NULL,
    sealed bytea NOT NULL
);

-- Changing calls. state: 0 claimed, 1 doubtful, 2 settled, 3 told.
CREATE TABLE intents (
    subscriber bytea NOT NULL CHECK (octet_length(subscriber) = 16),
    id bytea NOT NULL CHECK (octet_length(id) = 16),
    operation text NOT NULL,
    request bytea NOT NULL CHECK (octet_length(request) = 16),
    receipt text NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
    at bigint NOT NULL,
    due bigint NOT NULL,
    tries bigint NOT NULL,
    lease bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (subscriber, id)
);
-- The last guard of "nothing is done twice"; the writer answers `AlreadyOpen` before it comes to this.
CREATE UNIQUE INDEX intents_open ON intents (subscriber, request) WHERE state < 3;
-- Ids are drawn from 2^128. Not unique, since a table that is spread by subscriber can prove nothing about ids alone.
CREATE INDEX intents_id ON intents (id);
CREATE INDEX intents_due ON intents (due) WHERE state < 2;
CREATE INDEX intents_told ON intents (at) WHERE state >= 2;

-- Work that one node does for all. Whoever takes it over counts the fence up: statements under an earlier one do nothing.
CREATE TABLE leases (
    name text NOT NULL PRIMARY KEY,
    holder bytea NOT NULL,
    fence bigint NOT NULL,
    until bigint NOT NULL
);

-- Programs by content hash, as the files they were compiled from: sessions go on with the one they began with.
CREATE TABLE programs (
    version bytea NOT NULL PRIMARY KEY CHECK (octet_length(version) = 16),
    at bigint NOT NULL,
    files bytea NOT NULL
);

-- What was published, one after the other: new sessions begin on the last.
CREATE TABLE published (
    number bigint NOT NULL PRIMARY KEY,
    version bytea NOT NULL REFERENCES programs,
    at bigint NOT NULL
);
