SELECT count(*)
FROM conversations
WHERE expires_hour >= $1::bigint / 3600000 AND expires >= $1::bigint
