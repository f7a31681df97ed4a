-- What an operator had sent again is tried as often as what is new: `forgiven` of its attempts were before.
ALTER TABLE messages ADD COLUMN forgiven bigint NOT NULL DEFAULT 0;

-- Messages are counted by indexes alone. trouble: 0 a dead letter, 1 in doubt, both as an operator is shown them; 2 refused and tried
-- again. `due` is in another index already, and `trouble` changes only where that does: no update that stayed in its page leaves it.
DROP INDEX messages_trouble;
UPDATE messages SET trouble = 2 WHERE state = 4 AND due IS NOT NULL;
CREATE INDEX messages_trouble ON messages (trouble, at, due) WHERE trouble IS NOT NULL;
