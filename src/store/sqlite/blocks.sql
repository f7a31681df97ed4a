-- The blocks with the numbers in the JSON array ?1.
SELECT number, conversations
FROM blocks
WHERE number IN (SELECT value FROM json_each(?1))
