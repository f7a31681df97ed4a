SELECT first, expires, subscribers, legs, block
FROM runs
ORDER BY first
