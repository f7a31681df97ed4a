-- A text of several statements, which is one transaction. In place of {…} stand numbers.
-- Fails (division by zero) when the lease has gone to another node, and holds it until the end.
SELECT 1 / count(*)
FROM (SELECT 1 FROM leases WHERE name = 'upkeep' AND fence = {fence} FOR UPDATE) AS held;
SET LOCAL lock_timeout = '1s';
SET LOCAL statement_timeout = '1s';
CREATE TABLE journeys_{day} (LIKE journeys INCLUDING ALL);
-- What came while there was no partition for it. Nothing more may come meanwhile, or the day could not be attached: so
-- whoever writes where there is no partition yet waits, at most as long as the statements here may take.
LOCK TABLE journeys_default IN ACCESS EXCLUSIVE MODE;
WITH moved AS (DELETE FROM journeys_default WHERE at >= {from} AND at < {to} RETURNING *)
INSERT INTO journeys_{day} (at, session, gateway, channel, program, from_screen, answer, to_screen)
SELECT at, session, gateway, channel, program, from_screen, answer, to_screen
FROM moved;
-- Attached rather than made in its place, which would stop all who write journeys.
ALTER TABLE journeys ATTACH PARTITION journeys_{day} FOR VALUES FROM ({from}) TO ({to});
