DELETE FROM conversations
WHERE rowid IN (SELECT rowid FROM conversations WHERE expires < ?1 LIMIT ?2)
