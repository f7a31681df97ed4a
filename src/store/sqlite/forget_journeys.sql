-- From the low end, where the oldest are, so that no index on `at` is needed.
DELETE FROM journeys_kept
WHERE seq <= (SELECT max(seq) FROM (SELECT seq, at FROM journeys_kept ORDER BY seq LIMIT ?2) WHERE at < ?1)
