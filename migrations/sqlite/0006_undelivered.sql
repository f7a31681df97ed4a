-- trouble: 3 not delivered, as a receipt said; an operator is shown them, too.
UPDATE messages SET trouble = 3 WHERE state = 7;
