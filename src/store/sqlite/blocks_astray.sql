-- At start: blocks of a run that never came to its end. ?1 is where the next one begins.
DELETE FROM blocks WHERE number >= ?1
