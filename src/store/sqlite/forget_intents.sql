DELETE FROM intents
WHERE rowid IN (SELECT rowid FROM intents WHERE state IN (2, 3) AND at < ?1 LIMIT ?2)
