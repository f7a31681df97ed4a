-- As partition_make.sql. Whoever writes journeys waits for this, and this for them: at most a second.
SELECT 1 / count(*)
FROM (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = {fence} FOR UPDATE) AS held;
SET LOCAL lock_timeout = '1s';
DROP TABLE IF EXISTS journeys_{day};
