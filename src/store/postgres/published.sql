SELECT number, version, at
FROM published
ORDER BY number DESC
LIMIT $1
