-- In a backup that is put back: what waited to be sent, and may not be sent twice, is in doubt.
UPDATE messages SET state = 5, due = NULL, until = NULL, trouble = 1 WHERE due IS NOT NULL AND repeat = 0
