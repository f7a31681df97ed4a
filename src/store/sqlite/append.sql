-- A batch of commits, where it is of turns and journeys alone: as most are. One statement is a transaction.
INSERT INTO journal (seq, commits) VALUES (?1, ?2)
