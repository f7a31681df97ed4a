-- How many conversations a block of this run has; the last one may have fewer.
ALTER TABLE runs ADD COLUMN block INTEGER NOT NULL DEFAULT 32;
