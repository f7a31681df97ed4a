-- The first row of the journal, and the last that there ever was: journeys are kept under the numbers of their rows.
SELECT
    coalesce((SELECT min(seq) FROM journal), 0),
    max(coalesce((SELECT max(seq) FROM journal), 0), coalesce((SELECT max(seq) FROM journeys_kept), 0))
