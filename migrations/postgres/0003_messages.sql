-- Messages that the bridge sends by itself. Keys begin with the recipient, who is the subscriber of the turn that asked for it.
-- state: 0 queued, 1 claimed, 2 sending, 3 accepted, 4 refused, 5 in doubt, 6 delivered, 7 undelivered, 8 expired.
-- priority: 0 OTP, 1 receipt, 2 notice. repeat: 0 never, 1 harmless.
-- No index is on `state`, `lease`, `attempt` or `until`, and there is room in each page: to claim a message, to begin to send it and
-- to take its receipt are then updates that stay in their page (HOT).
CREATE TABLE messages (
    recipient bytea NOT NULL,
    id bytea NOT NULL,
    priority smallint NOT NULL,
    repeat smallint NOT NULL,
    state smallint NOT NULL,
    attempt bigint NOT NULL,
    lease bigint NOT NULL,
    at bigint NOT NULL,
    -- Nobody sends it by itself where this is null. It stays as it is while somebody is at it, until the moment `until`.
    due bigint,
    until bigint,
    expires bigint NOT NULL,
    -- What an operator is shown: 0 a dead letter, 1 in doubt.
    trouble smallint,
    route text,
    foreign_id bytea,
    reason text,
    settled bigint,
    sealed bytea NOT NULL,
    PRIMARY KEY (recipient, id)
) WITH (fillfactor = 50);
ALTER TABLE messages ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX messages_id ON messages (id);
-- In the order in which they are claimed; those that are done with are not in it.
CREATE INDEX messages_due ON messages (priority, due, at) WHERE due IS NOT NULL;
CREATE INDEX messages_done ON messages (at) WHERE due IS NULL;
CREATE INDEX messages_trouble ON messages (trouble, at) WHERE trouble IS NOT NULL;
CREATE INDEX messages_foreign ON messages (foreign_id) WHERE foreign_id IS NOT NULL;

-- Receipts that came before the answer to which they belong. status: 1 failed, 2 delivered.
CREATE TABLE early_receipts (
    foreign_id bytea NOT NULL PRIMARY KEY,
    status smallint NOT NULL,
    reason text,
    at bigint NOT NULL
);
CREATE INDEX early_receipts_at ON early_receipts (at);

-- What happened once.
CREATE TABLE marks (
    key bytea NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    until bigint NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE marks ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX marks_until ON marks (until);
