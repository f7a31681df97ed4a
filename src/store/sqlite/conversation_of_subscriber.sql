SELECT subscriber, leg, turn, at, expires, sealed
FROM conversations
WHERE subscriber = ?1 AND expires >= ?2
