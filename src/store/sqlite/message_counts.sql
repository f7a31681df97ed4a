SELECT
    count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
    count(*) FILTER (WHERE state = 4), (SELECT count(*) FROM messages WHERE trouble = 1),
    (SELECT count(*) FROM messages WHERE trouble = 0), min(due)
FROM messages
WHERE due IS NOT NULL
