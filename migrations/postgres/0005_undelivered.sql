-- trouble: 3 not delivered, as a receipt said; an operator is shown them, too. What changes `due` changes `trouble`, and so
-- does such a receipt, which is then no update that stays in its page.
UPDATE messages SET trouble = 3 WHERE state = 7;
