SELECT first, expires, subscribers, legs, per_block
FROM runs
ORDER BY first
