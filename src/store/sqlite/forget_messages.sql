-- At most ? each of messages that are done with, receipts of which nobody ever heard, and marks that count no more.
-- Without numbers, as in append_all.sql.
DELETE FROM messages
WHERE rowid IN (SELECT rowid FROM messages WHERE due IS NULL AND at < ? ORDER BY at LIMIT ?);

DELETE FROM early_receipts
WHERE foreign_id IN (SELECT foreign_id FROM early_receipts WHERE at < ? LIMIT ?);

DELETE FROM marks
WHERE key IN (SELECT key FROM marks WHERE until < ? LIMIT ?);
