-- All that wait, of these the claimed, the ones being sent, the refused and the doubtful; all in doubt, dead letters; the oldest. By indexes
-- alone, but for the first 2000 of each priority: who is at a message keeps its place in the queue.
SELECT
    (SELECT count(*) FROM messages WHERE due IS NOT NULL),
    count(*) FILTER (WHERE first.state = 1), count(*) FILTER (WHERE first.state = 2),
    (SELECT count(*) FROM messages WHERE trouble = 2),
    (SELECT count(*) FROM messages WHERE trouble = 1 AND due IS NOT NULL),
    (SELECT count(*) FROM messages WHERE trouble = 1),
    (SELECT count(*) FROM messages WHERE trouble = 0),
    min(first.due)
FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
CROSS JOIN LATERAL (
    SELECT state, due
    FROM messages
    WHERE messages.priority = class.priority AND due IS NOT NULL
    ORDER BY due, at
    LIMIT 2000
) AS first
