-- How many there are: nobody is ever taken out.
SELECT coalesce(max(rowid), 0) FROM subscribers
