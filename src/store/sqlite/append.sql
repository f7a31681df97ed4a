-- A batch of commits, where it is of turns and journeys alone: as most are. One statement is a transaction.
INSERT INTO journal (seq, turns, journeys) VALUES (?1, ?2, ?3)
