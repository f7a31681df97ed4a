-- At start nobody is making a call: whatever is claimed was interrupted, and is to be asked after now.
UPDATE intents SET state = 1, due = min(due, ?1) WHERE state = 0
