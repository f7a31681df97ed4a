-- How many of what a database holds; the record $1 is nobody's.
SELECT
    (SELECT count(*) FROM conversations),
    (SELECT count(*) FROM subscribers WHERE subscriber <> $1),
    (SELECT count(*) FROM intents),
    (SELECT count(*) FROM journeys),
    (SELECT count(*) FROM messages)
