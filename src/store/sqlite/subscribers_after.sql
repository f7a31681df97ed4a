-- The next ?2 subscribers behind ?1, in hexadecimal, as one text: a row for each would take longer than reading it. Keys of any other
-- length are nobody's.
SELECT coalesce(group_concat(hex(subscriber), ''), '')
FROM (SELECT subscriber FROM subscribers WHERE subscriber > ?1 AND length(subscriber) = 16 ORDER BY subscriber LIMIT ?2)
