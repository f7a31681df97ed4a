-- From the journal's low end, where the oldest are, so that no index on `at` is needed.
DELETE FROM journeys
WHERE seq <= (SELECT max(seq) FROM (SELECT seq, at FROM journeys ORDER BY seq LIMIT ?2) WHERE at < ?1)
