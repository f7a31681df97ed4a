-- The first row of the journal, its last, and the last whose journeys have moved.
SELECT coalesce((SELECT min(seq) FROM journal), 0), coalesce((SELECT max(seq) FROM journal), 0), (SELECT max(seq) FROM moved)
