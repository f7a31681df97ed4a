-- The last one, where a gateway used a leg's id again for another number.
SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE leg = ?1 AND expires >= ?2
ORDER BY at DESC
LIMIT 1
