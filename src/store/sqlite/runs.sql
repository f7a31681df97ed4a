SELECT first, expires, subscribers, legs
FROM runs
ORDER BY first
