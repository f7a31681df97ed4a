-- The first row of the journal, or the one that comes next where it is empty; and the last that there ever was: journeys are
-- kept under the numbers of their rows.
SELECT coalesce((SELECT min(seq) FROM journal), last + 1), last
FROM (
    SELECT max(
        coalesce((SELECT max(seq) FROM journal), 0), coalesce((SELECT max(seq) FROM journeys_kept), 0)
    ) AS last
)
