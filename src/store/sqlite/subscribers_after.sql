-- The next ?2 subscribers behind ?1, in hexadecimal, as one text: a row for each would take longer than reading it.
SELECT coalesce(group_concat(hex(subscriber), ''), '')
FROM (SELECT subscriber FROM subscribers WHERE subscriber > ?1 ORDER BY subscriber LIMIT ?2)
