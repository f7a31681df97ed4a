-- trouble: 3 not delivered, as a receipt said; an operator is shown them, too. So far `trouble` changed only where `due` did. Such a
-- receipt changes it alone, and is then no update that stays in its page.
UPDATE messages SET trouble = 3 WHERE state = 7;
