SELECT part.relname::text
FROM pg_inherits
INNER JOIN pg_class AS part
    ON pg_inherits.inhrelid = part.oid
WHERE pg_inherits.inhparent = 'journeys'::regclass
