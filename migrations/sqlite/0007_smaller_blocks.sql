-- How many conversations a block of this run has; the last one may have fewer.
ALTER TABLE runs ADD COLUMN per_block INTEGER NOT NULL DEFAULT 32;
