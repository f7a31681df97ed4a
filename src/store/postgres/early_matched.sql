-- Receipts since $1 that were kept although their message is there: two nodes were at it at the same moment.
SELECT foreign_id, status, reason, at
FROM early_receipts
WHERE at >= $1 AND EXISTS (SELECT 1 FROM messages WHERE messages.foreign_id = early_receipts.foreign_id)
LIMIT $2
