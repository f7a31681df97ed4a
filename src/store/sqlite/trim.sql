-- Takes the rows before ? off the journal and keeps their journeys, of each row under the moment of its last.
-- Without numbers, as in append_all.sql.
BEGIN IMMEDIATE;

INSERT INTO journeys_kept (seq, at, journeys)
SELECT seq, journeys ->> '$[#-1][0]', journeys FROM journal WHERE seq < ? AND journeys IS NOT NULL;

DELETE FROM journal WHERE seq < ?;

COMMIT;
